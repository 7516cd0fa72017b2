"""What each rule of repair did, in words; the terminal and the docs keep the codes.

docs/import.md lists every rule.
"""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

CLIPPED = "clipped-"
WORDS = {
    "windows-1252-line": gettext_lazy("ligne lue en Windows-1252"),
    "encoded-twice-line": gettext_lazy("texte encodé deux fois, remis d’aplomb"),
    "open-quote": gettext_lazy("guillemet non fermé, lignes suivantes relues une par une"),
    "commune-by-name": gettext_lazy("commune trouvée par son nom et son code postal"),
    "commune-by-likeness": gettext_lazy("commune trouvée par un nom ressemblant"),
    "commune-by-postcode": gettext_lazy("commune trouvée par le code postal seul"),
    "commune-by-point": gettext_lazy("commune la plus proche des coordonnées"),
    "commune-by-name-and-point": gettext_lazy(
        "le nom, le code postal et les coordonnées disent une autre commune que le code"
    ),
    "former-commune-code": gettext_lazy("ancien code de commune, remplacé par le nouveau"),
    "insee-zero-restored": gettext_lazy("zéro remis au début du code de commune"),
    "point-swapped": gettext_lazy("latitude et longitude inversées, remises en ordre"),
    "longitude-sign": gettext_lazy("signe de l’ouest remis devant la longitude"),
    "decimal-point-restored": gettext_lazy("séparateur décimal remis dans les coordonnées"),
    "decimal-comma": gettext_lazy("virgule des coordonnées lue comme un point"),
    "point-projected": gettext_lazy("coordonnées en mètres, changées en degrés"),
    "point-missing": gettext_lazy("coordonnées absentes\u00a0: centre de la commune"),
    "point-too-far": gettext_lazy("coordonnées trop loin de la commune\u00a0: son centre"),
    "point-geocoded": gettext_lazy("coordonnées trouvées d’après l’adresse"),
    "country-code-corrected": gettext_lazy("indicatif du téléphone corrigé"),
    "leading-zero-restored": gettext_lazy("zéro remis au début du téléphone"),
    "first-of-several": gettext_lazy("premier de plusieurs téléphones"),
    "short-number": gettext_lazy("numéro court gardé tel quel"),
    "words-removed": gettext_lazy("mots ôtés autour du téléphone"),
    "metropolitan-number-overseas": gettext_lazy("numéro de métropole pour un lieu d’outre-mer"),
    "postcode-zero-restored": gettext_lazy("zéro remis au début du code postal"),
    "pivot-zero-restored": gettext_lazy("zéro remis au début du numéro SIRET"),
    "pivot-decimals-removed": gettext_lazy("décimales ôtées du numéro SIRET"),
    "date-written-form": gettext_lazy("date écrite autrement, comprise"),
    "hours-from-text": gettext_lazy("horaires lus dans une phrase"),
    "url-scheme-added": gettext_lazy("https:// ajouté au début de l’adresse du site"),
}


def said(rule: str) -> str:
    """Return what a rule did, in words; the rule itself when nothing is written of it."""
    if rule.startswith(CLIPPED):
        return _("texte coupé à la longueur permise")
    return str(WORDS.get(rule, rule))
