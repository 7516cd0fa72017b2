"""How what the national standard publishes is said in the directory: services, parent bodies."""

import re

from django.utils.text import slugify
from django.utils.translation import gettext as _

from directory.exchange import operators
from directory.exchange.drafts import OperatorDraft
from directory.exchange.standard_cells import Notes, typography
from directory.models import Actor, Commune
from directory.vocabularies.names import ActorCategory, Level

SHORT_NAMES = {
    "demarches-administratives": "démarches administratives",
    "outils-quotidien": "outils du quotidien",
    "insertion-professionnelle": "recherche d’emploi",
    "usage-securise": "sécurité sur internet",
    "parentalite": "aide aux parents",
    "loisirs-creation": "loisirs numériques",
    "comprehension-numerique": "culture numérique",
    "acces-materiel": "ordinateurs et internet",
    "materiel-prix-solidaire": "matériel à petit prix",
}
"""The standard's services, in its order, when several are named together."""
MAX_NAMED = 3
UNNAMED = "Aide numérique"
ORGANISATION = re.compile(
    r"\b(?:agence|agglo\w*|association|biblioth[eè]que|caisse|ccas|cias|centre|collectif|commune"
    r"|communaut[eé]|conseil d[eé]partemental|conseil r[eé]gional|d[eé]partement|f[eé]d[eé]ration"
    r"|fondation|france travail|ligue|mairie|maison|m[eé]tropole|mission locale|m[eé]diath[eè]que"
    r"|p[oô]le emploi|r[eé]gion|r[eé]seau|syndicat|union|ville)\b",
    re.IGNORECASE,
)
NAME_LENGTH = Actor._meta.get_field("name").max_length or 0
SLUG_LENGTH = Actor._meta.get_field("slug").max_length or 0


def service_name(offered: list[str], labels: dict[str, str]) -> str:
    """Return the name of the one service that stands for all that a place offers.

    `offered` are codes of standard services, `labels` the labels of their terms: the one service
    of a place that has only one takes it.
    """
    if len(offered) == 1:
        return labels[offered[0]]
    if not offered:
        return UNNAMED
    named = [name for code, name in SHORT_NAMES.items() if code in offered]
    if len(named) > MAX_NAMED:
        named = [*named[:MAX_NAMED], "autres aides"]
    return f"{UNNAMED}\u00a0: {', '.join(named[:-1])} et {named[-1]}"


def parent(cell: str, commune: Commune, notes: Notes) -> tuple[OperatorDraft | None, str]:
    """Return the operator that `structure_parente` names, else the group it tells of.

    The standard lets producers write anything there: a SIRET, a territory, a sentence. Only what
    names an organisation becomes an actor.
    """
    if not re.search(r"[A-Za-zÀ-ÿ]{2}", cell):
        if cell:
            notes.problem("structure_parente", cell, _("ce n’est pas un nom"))
        return None, ""
    match = operators.recognise_operator(
        cell, commune=commune.name, department=commune.department.name
    )
    # A bare « Ville » would gather the places of every town under one actor.
    named = len(cell.split()) > 1 and ORGANISATION.search(cell)
    name = match.operator_name if match else typography(cell) if named else ""
    if not name:
        return None, typography(cell)
    name = name[:NAME_LENGTH]
    return OperatorDraft(
        slug=slugify(name)[:SLUG_LENGTH],
        name=name,
        category=ActorCategory.LOCAL_STRUCTURE,
        level=Level.LOCAL,
        networks=tuple(
            slug
            for slug in (match.network_slugs if match else ())
            if slug != operators.LABEL_NETWORK
        ),
        department=commune.department_id,
    ), ""
