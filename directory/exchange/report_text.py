"""A report as a table for a terminal."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.exchange.importing import Mode
from directory.exchange.report import Entry, Kind, Report

SHOWN = 50
"""Entries of each kind printed, unless all are asked for."""
COLUMNS = {
    "kind": gettext_lazy("quoi"),
    "line": gettext_lazy("ligne"),
    "place": gettext_lazy("lieu"),
    "column": gettext_lazy("champ"),
    "before": gettext_lazy("avant"),
    "after": gettext_lazy("après"),
    "reason": gettext_lazy("raison"),
}
"""Columns of every report, by the field of an entry."""
WIDTHS = {
    "kind": 8, "line": 6, "place": 30, "column": 24, "before": 30, "after": 30, "reason": 0,
}  # fmt: skip
"""Width of each in characters; 0: as it comes."""
KIND_TITLES = {
    Kind.REJECTED: gettext_lazy("Lignes rejetées"),
    Kind.LEFT_OUT: gettext_lazy("Valeurs écartées"),
    Kind.CHANGED: gettext_lazy("Champs modifiés"),
    Kind.PROPOSED: gettext_lazy("Valeurs proposées, à côté d’un champ corrigé par une personne"),
    Kind.GONE: gettext_lazy("Lieux disparus du fichier"),
    Kind.JOINED: gettext_lazy("Lieux fusionnés avec un autre"),
    Kind.ADDED: gettext_lazy("Lieux ajoutés"),
    Kind.REPAIRED: gettext_lazy("Réparations"),
    Kind.UNCHANGED: gettext_lazy("Lieux inchangés"),
}
NOT_LISTED = frozenset({Kind.REPAIRED, Kind.ADDED, Kind.UNCHANGED})
"""Kinds that are counted here, and listed in the report files."""
SAID = {
    Mode.DRY: gettext_lazy("Essai : rien n’est écrit. Ajoutez --apply pour écrire."),
    Mode.RUN: gettext_lazy("Tout est écrit."),
    Mode.ROW: gettext_lazy("Les lignes acceptées sont écrites."),
}


def lines(report: Report, mode: Mode, whole: bool = False) -> Iterator[str]:
    """Yield the report's lines, the counts last; `whole` lists everything."""
    yield from _table(report, whole)
    for title, counts in (
        (_("rejeté"), report.refused),
        (_("écarté"), report.left_out),
        (_("réparé"), report.repairs),
        (_("retiré"), report.dropped),
    ):
        yield from (f"{title} · {name} : {count}" for name, count in sorted(counts.items()))
    if report.proposed:
        told = _("proposé · valeurs gardées à côté d’un champ corrigé : %(count)s")
        yield told % {"count": report.proposed}
    if report.to_archive:
        yield _("proposé · lieux à archiver : %(count)s") % {"count": report.to_archive}
    yield from duplicates(report, mode)
    yield from (_("attention · %(what)s") % {"what": text} for text in report.warnings)
    recognised = _("format reconnu : %(name)s.") % {"name": report.format_name}
    yield f"{recognised} {SAID[mode]}"
    yield report.counts()


def duplicates(report: Report, mode: Mode) -> Iterator[str]:
    """Yield what became of the duplicates that the new places brought; nothing without any."""
    if mode == Mode.DRY and report.added:
        yield _("doublons · cherchés à l’écriture, parmi les lieux ajoutés")
    if report.duplicates_merged:
        told = _("doublons · lieux fusionnés par règle : %(count)s")
        yield told % {"count": report.duplicates_merged}
    if report.duplicates_to_review:
        told = _("doublons · paires à examiner : %(count)s")
        yield told % {"count": report.duplicates_to_review}


def _table(report: Report, whole: bool) -> Iterator[str]:
    """Yield the entries, cut to their columns."""
    seen = dict.fromkeys(Kind, 0)
    for entry in report.journal:
        if entry.kind in NOT_LISTED and not whole:
            continue
        seen[entry.kind] += 1
        if seen[entry.kind] == 1 and not any(n for k, n in seen.items() if k != entry.kind):
            yield _row({name: str(label) for name, label in COLUMNS.items()})
        if whole or seen[entry.kind] <= SHOWN:
            yield _row(_cells(entry))
    for kind, count in seen.items():
        if not whole and count > SHOWN:
            told = _("… et %(count)s autres « %(kind)s » : voir --report.")
            yield told % {"count": count - SHOWN, "kind": kind}


def _cells(entry: Entry) -> dict[str, str]:
    return {name: str(getattr(entry, name) or "") for name in COLUMNS}


def _row(cells: dict[str, str]) -> str:
    shown = []
    for name, width in WIDTHS.items():
        text = " ".join(cells[name].split())
        if width and len(text) > width:
            text = f"{text[: width - 1]}…"
        shown.append(text.ljust(width))
    return " | ".join(shown).rstrip()
