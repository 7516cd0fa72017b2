"""The parameters of a search as the API tells and checks them: those of the site, read strictly.

Where pages forgive and say so, a program must not read another list than the one it asked for.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

from directory.api.operations import Parameter
from directory.search.criteria import YES, Access, Sort
from directory.search.filters import DAYS, RADII
from directory.search.parameters import TEXT_MAX


def _one_of(*values: str) -> dict[str, Any]:
    return {"type": "string", "enum": list(values)}


def _number(least: float, most: float) -> dict[str, Any]:
    return {"type": "number", "minimum": least, "maximum": most}


def _codes(name: str, what: Any) -> Parameter:
    said = _(
        "%(what)s Codes\u00a0: voir /vocabularies, liste «\u00a0%(name)s\u00a0». Répétable."
    ) % {
        "what": what,
        "name": name,
    }
    return Parameter(name, said, several=True)


SEARCH = (
    Parameter(
        "ou",
        _(
            "Commune, code postal, code Insee, département ou région. Si plusieurs communes "
            "portent ce nom, précisez le département. Par exemple\u00a0: «\u00a0Vienne (38)\u00a0»."
        ),
        {"type": "string", "maxLength": TEXT_MAX},
        example="Guéret (23)",
    ),
    Parameter(
        "lat",
        _("Latitude en degrés, avec «\u00a0lon\u00a0». Lue si «\u00a0ou\u00a0» est vide."),
        _number(-90, 90),
    ),
    Parameter("lon", _("Longitude en degrés, avec «\u00a0lat\u00a0»."), _number(-180, 180)),
    Parameter(
        "rayon",
        _("Distance autour du lieu, en km. Sinon\u00a0: 20. Jamais élargie."),
        _one_of(*map(str, RADII)),
        example="50",
    ),
    Parameter(
        "bbox",
        _("Rectangle en degrés\u00a0: ouest,sud,est,nord."),
        {"type": "string"},
        example="1.5,46,2.3,46.4",
    ),
    Parameter(
        "q",
        _("Mots à trouver dans le nom, l’adresse, la commune ou la structure."),
        {"type": "string", "maxLength": TEXT_MAX},
    ),
    Parameter(
        "besoin",
        _("Démarche de santé. Codes\u00a0: voir /needs. Répétable\u00a0: l’une ou l’autre."),
        several=True,
        example="ameli",
    ),
    Parameter(
        "declare",
        _("«\u00a0oui\u00a0»\u00a0: seulement les démarches que le lieu a déclarées lui-même."),
        _one_of(YES),
    ),
    Parameter(
        "acces",
        _(
            "Quand et comment venir. «\u00a0horaire\u00a0» va avec «\u00a0jour\u00a0» "
            "et «\u00a0heure\u00a0»."
        ),
        _one_of(*(access.value for access in Access)),
        several=True,
    ),
    Parameter("jour", _("Jour d’une semaine ordinaire, avec «\u00a0heure\u00a0»."), _one_of(*DAYS)),
    Parameter(
        "heure", _("Heure, avec «\u00a0jour\u00a0». Par exemple\u00a0: 14h30."), {"type": "string"}
    ),
    _codes("mode", _("Comment on est aidé.")),
    _codes("activite", _("Activités proposées.")),
    _codes("public", _("Pour qui.")),
    _codes("accueil", _("Accueil adapté.")),
    _codes("langue", _("Langues parlées.")),
    _codes("prix", _("Prix.")),
    _codes("materiel", _("Matériel sur place.")),
    _codes("reseau", _("Réseaux et labels.")),
    _codes("type", _("Type de lieu.")),
    Parameter("itinerant", _("«\u00a0oui\u00a0»\u00a0: les lieux qui se déplacent."), _one_of(YES)),
    Parameter(
        "verifie",
        _("«\u00a0oui\u00a0»\u00a0: les fiches vérifiées depuis moins d’un an."),
        _one_of(YES),
    ),
    Parameter(
        "departement", _("Code Insee du département. Répétable."), several=True, example="23"
    ),
    Parameter("region", _("Code Insee de la région. Répétable."), several=True),
    Parameter(
        "tri",
        _(
            "Ordre. Sinon\u00a0: le plus proche d’abord\u00a0; sans point de départ, par commune "
            "et par nom."
        ),
        _one_of(*(sort.value for sort in Sort)),
    ),
)
"""As many as the site's own reader knows; a test compares them."""
