"""Reads and checks a mapping: how a producer's own columns become those of the national standard.

A mapping is a TOML text, in French because the people of the field write it:

    titre = "Lieux du département"
    reconnaitre = ["Nom du lieu", "Coord. X"]   # colonnes que seul ce fichier a

    [lignes]
    garder = { "Actif" = ["oui"] }              # les autres lignes sont laissées de côté
    regrouper = ["Nom du lieu", "Adresse"]      # plusieurs lignes décrivent le même lieu

    [champs.nom]                                # un champ du standard
    colonne = "Nom du lieu"

docs/import.md describes every setting.
"""

import re
import tomllib
from collections.abc import Mapping as Given
from dataclasses import dataclass, field
from typing import Any

from directory.exchange import dates
from directory.exchange.standard_row import COLUMNS, SEVERAL, VOCABULARY_COLUMNS
from directory.vocabularies.names import Vocabulary

OWN_VOCABULARIES = {
    "activites": Vocabulary.ACTIVITY,
    "langues": Vocabulary.LANGUAGE,
    "materiel": Vocabulary.EQUIPMENT,
    "accueil": Vocabulary.WAY_IN,
}
"""Fields of this directory beyond the standard."""
VOCABULARIES = {**VOCABULARY_COLUMNS, **OWN_VOCABULARIES}
FIELDS = COLUMNS | OWN_VOCABULARIES.keys()
DAYS = {
    "lundi": "Mo", "mardi": "Tu", "mercredi": "We", "jeudi": "Th", "vendredi": "Fr",
    "samedi": "Sa", "dimanche": "Su",
}  # fmt: skip
TOP = {"titre", "description", "reconnaitre", "lignes", "champs"}
ROWS = {"garder", "regrouper"}
SETTINGS = {
    "colonne", "colonnes", "constante", "separateur", "valeurs", "extraire", "retirer", "date",
    "jours", "empreinte", "joindre", "autres",
}  # fmt: skip
MAX_LENGTH = 100_000
MAX_PATTERN = 200

Known = Given[Vocabulary, set[str]]


class MappingError(ValueError):
    """The mapping is wrong; the message says where and what to write."""


@dataclass(frozen=True)
class FieldRule:
    """How one field is read. `values` is None when the cells already hold the standard's values."""

    name: str
    columns: tuple[str, ...] = ()
    constant: tuple[str, ...] = ()
    separators: tuple[str, ...] = ()
    values: dict[str, tuple[str, ...]] | None = None
    extract: re.Pattern[str] | None = None
    remove: re.Pattern[str] | None = None
    date_style: str = ""
    days: dict[str, str] = field(default_factory=dict)
    digest_of: tuple[str, ...] = ()
    joint: str = " "
    ignores_others: bool = False


@dataclass(frozen=True)
class ParsedMapping:
    """A mapping that was checked."""

    title: str
    recognised_by: tuple[str, ...]
    fields: tuple[FieldRule, ...]
    keep: dict[str, tuple[str, ...]] = field(default_factory=dict)
    group_by: tuple[str, ...] = ()

    @property
    def columns(self) -> frozenset[str]:
        """Every column of the file that is read, in lower case."""
        read = [*self.recognised_by, *self.keep, *self.group_by]
        for rule in self.fields:
            read += [*rule.columns, *rule.digest_of, *rule.days.values()]
        return frozenset(read)


def parse(text: str, known: Known | None = None) -> ParsedMapping:
    """Return a mapping; raise MappingError for what is wrong.

    `known` gives the values that each vocabulary accepts, labels of the standard and codes; without
    it they are not checked.
    """
    if len(text) > MAX_LENGTH:
        raise MappingError(f"plus de {MAX_LENGTH} caractères.")
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise MappingError(f"ce n’est pas du TOML ({error}).") from error
    _only(content, TOP, "au début")
    title = content.get("titre")
    if not isinstance(title, str) or not title.strip():
        raise MappingError("titre : donnez un nom à cette correspondance.")
    rows = _table(content, "lignes")
    _only(rows, ROWS, "dans [lignes]")
    fields = tuple(_field(name, given) for name, given in _table(content, "champs").items())
    for name in ("id", "nom"):
        if name not in {rule.name for rule in fields}:
            raise MappingError(f"champs.{name} : ce champ est obligatoire.")
    if known is not None:
        for rule in fields:
            _check_values(rule, known)
    return ParsedMapping(
        title=title.strip(),
        recognised_by=_columns(content.get("reconnaitre", []), "reconnaitre"),
        fields=fields,
        keep={
            _column(name): _texts(kept, f"lignes.garder.{name}")
            for name, kept in _table(rows, "garder").items()
        },
        group_by=_columns(rows.get("regrouper", []), "lignes.regrouper"),
    )


def _field(name: str, given: Any) -> FieldRule:
    where = f"champs.{name}"
    if name not in FIELDS:
        raise MappingError(f"{where} : champ inconnu. Connus : {', '.join(sorted(FIELDS))}.")
    if isinstance(given, str):
        given = {"colonne": given}
    if not isinstance(given, dict):
        raise MappingError(f"{where} : écrivez un nom de colonne, ou [{where}] et ses réglages.")
    _only(given, SETTINGS, f"dans [{where}]")
    columns = _columns(given.get("colonnes", []), f"{where}.colonnes")
    if "colonne" in given:
        columns = (*_columns([given["colonne"]], f"{where}.colonne"), *columns)
    style = given.get("date", "")
    if style and (style not in dates.STYLES or name != "date_maj"):
        raise MappingError(f"{where}.date : l’un de {', '.join(dates.STYLES)}, pour date_maj.")
    if given.get("autres", "ignorer") != "ignorer" or not isinstance(given.get("joindre", ""), str):
        raise MappingError(f'{where} : autres = "ignorer", et joindre est un texte.')
    rule = FieldRule(
        name=name,
        columns=columns,
        constant=_texts(given.get("constante", []), f"{where}.constante"),
        separators=_texts(given.get("separateur", []), f"{where}.separateur", strip=False),
        values=_values(given, where) if "valeurs" in given else None,
        extract=_pattern(given.get("extraire"), f"{where}.extraire"),
        remove=_pattern(given.get("retirer"), f"{where}.retirer"),
        date_style=style,
        days=_days(_table(given, "jours"), where),
        digest_of=_columns(given.get("empreinte", []), f"{where}.empreinte"),
        joint=given.get("joindre", " "),
        ignores_others=given.get("autres") == "ignorer",
    )
    if not (rule.columns or rule.constant or rule.days or rule.digest_of):
        raise MappingError(f"{where} : dites d’où il vient (colonne, constante, jours, empreinte).")
    if rule.separators and name not in SEVERAL and name not in OWN_VOCABULARIES:
        raise MappingError(f"{where}.separateur : ce champ n’a qu’une valeur.")
    if rule.extract and not rule.extract.groups:
        raise MappingError(f"{where}.extraire : mettez entre parenthèses ce qu’il faut garder.")
    return rule


def _values(given: dict[str, Any], where: str) -> dict[str, tuple[str, ...]]:
    return {
        matched(value): _texts(kept, f"{where}.valeurs.{value}")
        for value, kept in _table(given, "valeurs").items()
    }


def _check_values(rule: FieldRule, known: Known) -> None:
    vocabulary = VOCABULARIES.get(rule.name)
    if vocabulary is None:
        return
    for value in (*rule.constant, *(v for kept in (rule.values or {}).values() for v in kept)):
        if value not in known[vocabulary]:
            choices = ", ".join(sorted(known[vocabulary])[:40])
            raise MappingError(f"champs.{rule.name} : « {value} » est inconnu. Connus : {choices}.")


def _days(given: dict[str, Any], where: str) -> dict[str, str]:
    _only(given, set(DAYS), f"dans {where}.jours")
    return {DAYS[day]: _columns([name], f"{where}.jours")[0] for day, name in given.items()}


def _pattern(given: Any, where: str) -> re.Pattern[str] | None:
    if given is None:
        return None
    if not isinstance(given, str) or len(given) > MAX_PATTERN:
        raise MappingError(f"{where} : une expression rationnelle de {MAX_PATTERN} signes au plus.")
    try:
        return re.compile(given)
    except re.error as error:
        raise MappingError(f"{where} : expression rationnelle fausse ({error}).") from error


def _table(content: dict[str, Any], name: str) -> dict[str, Any]:
    given = content.get(name, {})
    if not isinstance(given, dict):
        raise MappingError(f"{name} : écrivez une section [{name}].")
    return given


def _only(given: dict[str, Any], allowed: set[str], where: str) -> None:
    if unknown := sorted(set(given) - allowed):
        choices = ", ".join(sorted(allowed))
        raise MappingError(f"{', '.join(unknown)} : réglage inconnu {where}. Connus : {choices}.")


def _texts(given: Any, where: str, strip: bool = True) -> tuple[str, ...]:
    texts = [given] if isinstance(given, str) else given
    if not isinstance(texts, list) or not all(isinstance(one, str) and one for one in texts):
        raise MappingError(f"{where} : un texte, ou une liste de textes entre crochets.")
    return tuple(one.strip() if strip else one for one in texts)


def _columns(given: Any, where: str) -> tuple[str, ...]:
    return tuple(_column(name) for name in _texts(given, where))


def _column(name: str) -> str:
    return " ".join(name.split()).lower()


def matched(value: str) -> str:
    """Return a value as it is compared with those of a mapping: case and spaces do not count."""
    return " ".join(value.replace("’", "'").split()).lower()
