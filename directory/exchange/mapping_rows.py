"""Turns the rows of a file into rows of the national standard, by a mapping."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from functools import reduce

from django.utils.translation import gettext as _

from directory.exchange import french_hours, standard
from directory.exchange.drafts import PlaceDraft
from directory.exchange.mapping_text import (
    OWN_VOCABULARIES,
    FieldRule,
    ParsedMapping,
    matched,
)
from directory.exchange.report import Report
from directory.exchange.standard_cells import Notes, line_of_text
from directory.exchange.standard_row import SEVERAL, VOCABULARY_COLUMNS, StandardRow
from directory.exchange.tables import Format, Row, Table
from directory.models import Source, Term
from directory.vocabularies.names import Vocabulary

VOCABULARIES = {**VOCABULARY_COLUMNS, **OWN_VOCABULARIES}


def format_of(mapping: ParsedMapping, slug: str) -> Format:
    """Return the format that a mapping describes."""

    def drafts(table: Table, source: Source, report: Report) -> Iterator[PlaceDraft]:
        reader = _Reader(mapping)
        return standard.drafts(table, source, report, rows=reader.rows, known=mapping.columns)

    return Format(
        name=f"format « {mapping.title} »",
        required=tuple(sorted(mapping.columns)),
        own=frozenset(mapping.recognised_by),
        drafts=drafts,
        slug=slug,
    )


def known_values() -> dict[Vocabulary, set[str]]:
    """Return what a mapping may name in each vocabulary: labels of the standard, and codes."""
    known: dict[Vocabulary, set[str]] = {vocabulary: set() for vocabulary in Vocabulary}
    for vocabulary, code, published in Term.objects.values_list("vocabulary", "code", "published"):
        known[Vocabulary(vocabulary)] |= {code, published} - {""}
    return known


class _Reader:
    def __init__(self, mapping: ParsedMapping) -> None:
        self.mapping = mapping
        self.codes: dict[tuple[str, str], str] = {}
        for vocabulary, code, published in Term.objects.values_list(
            "vocabulary", "code", "published"
        ):
            self.codes[vocabulary, code] = code
            self.codes.setdefault((vocabulary, published), code)

    def rows(self, table: Table, report: Report) -> Iterator[tuple[Row, StandardRow | None]]:
        """Yield the rows that are kept; those that describe one place, as one, at the end."""
        groups: dict[str, list[tuple[Row, StandardRow]]] = {}
        for row in table.rows:
            if row.problem:
                yield row, StandardRow({})
            elif left := self._left_out(row):
                report.reject(row.line, left, row.cells.get(left, "")[:60], _("ligne non gardée"))
                yield row, None
            elif self.mapping.group_by:
                key = _digest([row.cells.get(name, "") for name in self.mapping.group_by])
                groups.setdefault(key, []).append((row, self._row(row, report)))
            else:
                yield row, self._row(row, report)
        for group in groups.values():
            report.rows += len(group) - 1
            report.merged += len(group) - 1
            yield group[0][0], reduce(_merged, (row for _own, row in group))

    def _left_out(self, row: Row) -> str:
        for column, kept in self.mapping.keep.items():
            if matched(row.cells.get(column, "")) not in {matched(value) for value in kept}:
                return column
        return ""

    def _row(self, row: Row, report: Report) -> StandardRow:
        notes = Notes(report, row.line)
        cells: dict[str, str] = {}
        terms: list[tuple[Vocabulary, str]] = []
        names, style = {}, ""
        for rule in self.mapping.fields:
            names[rule.name] = (rule.columns or (rule.name,))[0]
            style = rule.date_style or style
            if rule.name in VOCABULARIES and (
                rule.values is not None or rule.constant or rule.name in OWN_VOCABULARIES
            ):
                terms += self._terms(rule, row, notes)
            else:
                cells[rule.name] = self._cell(rule, row, notes)
        return StandardRow(
            cells, columns=names, terms=tuple(dict.fromkeys(terms)), date_style=style
        )

    def _terms(self, rule: FieldRule, row: Row, notes: Notes) -> Iterator[tuple[Vocabulary, str]]:
        vocabulary = VOCABULARIES[rule.name]
        for value in (*rule.constant, *self._mapped(rule, row, notes)):
            code = self.codes.get((vocabulary, value))
            if code is None:
                notes.problem(rule.name, value, _("valeur inconnue de l’annuaire"))
            else:
                yield vocabulary, code

    @staticmethod
    def _mapped(rule: FieldRule, row: Row, notes: Notes) -> Iterator[str]:
        for column in rule.columns:
            for value in _parts(_cut(rule, row.cells.get(column, "")), rule.separators):
                if rule.values is None:
                    yield value
                elif matched(value) in rule.values:
                    kept = rule.values[matched(value)]
                    if not kept:
                        notes.dropped(f"{column} sans équivalent, {value}")
                    yield from kept
                elif rule.ignores_others:
                    notes.dropped(f"{column}, valeurs ignorées pour {rule.name}")
                else:
                    notes.problem(column, value, _("valeur absente de la correspondance"))

    @staticmethod
    def _cell(rule: FieldRule, row: Row, notes: Notes) -> str:
        if rule.digest_of:
            return _digest([row.cells.get(name, "") for name in rule.digest_of])
        if rule.days:
            return _week(rule, row, notes)
        texts = [_cut(rule, row.cells.get(column, "")) for column in rule.columns]
        if rule.values is not None:
            texts = [
                kept
                for text in texts
                for part in _parts(text, rule.separators)
                for kept in rule.values.get(matched(part), (part,))
            ]
        elif rule.name in SEVERAL:
            texts = [part for text in texts for part in _parts(text, rule.separators)]
        texts = [text for text in (*rule.constant, *texts) if text.strip()]
        return ("|" if rule.name in SEVERAL else rule.joint).join(texts)


def _cut(rule: FieldRule, cell: str) -> str:
    if rule.remove:
        cell = rule.remove.sub("", cell)
    if rule.extract:
        found = rule.extract.search(cell)
        return (found[1] or "") if found else ""
    return cell


def _parts(cell: str, separators: tuple[str, ...]) -> list[str]:
    parts = [cell]
    for separator in separators:
        parts = [piece for part in parts for piece in part.split(separator)]
    return [text for part in parts if (text := line_of_text(part))]


def _digest(values: list[str]) -> str:
    text = "\n".join(matched(value) for value in values)
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()[:16] if text.strip() else ""


def _week(rule: FieldRule, row: Row, notes: Notes) -> str:
    result = french_hours.to_osm({day: row.cells.get(name, "") for day, name in rule.days.items()})
    for repair in result.repairs:
        notes.repaired(repair, "horaires")
    for told in result.problems:
        notes.problem(rule.days.get(told.day, told.day), told.value, told.reason)
    return result.opening_hours


def _merged(first: StandardRow, other: StandardRow) -> StandardRow:
    """Return one row for two of the same place: the values of both, the first one's texts."""
    cells = dict(first.cells)
    for name, cell in other.cells.items():
        if name in SEVERAL and cell:
            both = [*cells.get(name, "").split("|"), *cell.split("|")]
            cells[name] = "|".join(dict.fromkeys(filter(None, both)))
        elif not cells.get(name):
            cells[name] = cell
    return replace(first, cells=cells, terms=tuple(dict.fromkeys((*first.terms, *other.terms))))
