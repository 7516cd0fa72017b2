"""Merges what an import brought and the directory had already, or asks moderators."""

from directory.exchange import statistics
from directory.exchange.duplicates.deciding import decide
from directory.exchange.report import Entry, Kind, Report
from directory.models import PlaceSource, Source


def join(source: Source, new_places: set[int], report: Report) -> None:
    """Decide of the duplicates of places just added, and tell the report.

    With them, those that an import of this source added by row and was killed before comparing.

    Two rows of one file are never merged here: their producer told them apart. They are examined,
    or merged by `find_duplicates`.
    """
    left = PlaceSource.objects.filter(source=source, to_compare=True)
    places = new_places.union(left.values_list("place_id", flat=True))
    if not places:
        return
    if len(places) >= statistics.MANY:
        statistics.refresh()
    outcome = decide(places, apply=True, within_lists=False)
    report.duplicates_merged = len(outcome.merged)
    report.duplicates_to_review = outcome.added
    left.update(to_compare=False)
    for one in outcome.merged:
        reasons = ", ".join(str(reason.label) for reason in one.comparison.reasons)
        name = one.absorbed_name
        report.journal.append(Entry(Kind.JOINED, 0, name, "", name, one.kept_name, reasons))
