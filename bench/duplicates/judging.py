"""Judges the labelled pairs as the database gives them."""

import csv
import resource
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from directory.exchange import geography_loader, vocabulary_loader
from directory.exchange.duplicates.finding import find
from directory.exchange.importing import Mode, Request, run
from directory.models import PlaceSource

PAIRS = Path(__file__).with_name("pairs.csv")


@dataclass
class Tally:
    """What became of labelled pairs."""

    same: int = 0
    different: int = 0
    merged: int = 0
    merged_wrongly: int = 0
    shown: int = 0
    shown_in_vain: int = 0
    missing: int = 0

    @property
    def precision(self) -> float:
        """Share of the automatic merges that are right."""
        return 1 - self.merged_wrongly / self.merged if self.merged else 1.0

    @property
    def recall(self) -> float:
        """Share of the same places that are merged or shown to a moderator."""
        return (self.shown - self.shown_in_vain) / self.same if self.same else 1.0


def load(source: Path) -> None:
    """Load the geography, the vocabularies and the file into an empty database."""
    call_command("migrate", verbosity=0, interactive=False)
    geography_loader.load(settings.FIXTURES_DIR / "geography", lambda name, rows: None)
    vocabulary_loader.load(settings.FIXTURES_DIR)
    print(run(Request("consolide", (source,), Mode.RUN)).counts(), file=sys.stderr)


def judge() -> tuple[str, dict[str, Tally]]:
    """Return what finding cost, and what became of the labelled pairs of each part."""
    judged, said = _judged()
    return said, dict(_tallies(judged))


def _judged() -> tuple[dict[tuple[str, str], bool], str]:
    """Return, for each pair found, by the ids of its rows, whether it is certain; and the cost."""
    ids = dict(PlaceSource.objects.values_list("place_id", "external_id"))
    start, cpu = time.perf_counter(), time.process_time()
    found = list(find())
    seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    certain = sum(pair.comparison.is_certain for pair in found)
    said = (
        f"{len(ids)} places: {len(found)} pairs found, {certain} certain, "
        f"in {seconds:.1f} s ({cpu:.1f} s CPU), {memory} MB.\n"
    )
    judged = {_key(ids[p.first], ids[p.second]): p.comparison.is_certain for p in found}
    return judged | {_key(key, key): False for key in ids.values()}, said


def _tallies(judged: dict[tuple[str, str], bool]) -> Iterator[tuple[str, Tally]]:
    tallies = {"tuning": Tally(), "kept-aside": Tally()}
    with PAIRS.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            tally, one, other = tallies[row["part"]], row["id_a"], row["id_b"]
            if _key(one, one) not in judged or _key(other, other) not in judged:
                tally.missing += 1
                continue
            is_same = row["label"] == "same"
            tally.same += is_same
            tally.different += not is_same
            certain = judged.get(_key(one, other))
            tally.shown += certain is not None
            tally.shown_in_vain += certain is not None and not is_same
            tally.merged += bool(certain)
            tally.merged_wrongly += bool(certain) and not is_same
    yield from tallies.items()


def _key(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one < other else (other, one)
