"""Find the records that are one place: merge the certain ones, list the others for moderators."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from directory.exchange.duplicates.deciding import Outcome, decide, places_of_source
from directory.exchange.duplicates.score import Comparison
from directory.models import Place, Source

SHOWN = 50
"""Pairs of each kind printed, unless all are asked for (-v 2)."""


class Command(BaseCommand):
    """Prints the pairs, then the counts. See docs/import.md."""

    help = "Cherche les fiches en double. Rien n’est écrit sans --apply."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare what to look at and whether to write."""
        parser.add_argument(
            "--apply",
            action="store_true",
            help="fusionner les doublons certains, et mettre les autres dans la liste à examiner",
        )
        parser.add_argument(
            "--source", help="seulement les paires dont un lieu vient de cette source"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Find, write if asked, and tell."""
        only = None
        if slug := options["source"]:
            if not Source.objects.filter(slug=slug).exists():
                raise CommandError(f"{slug!r} : source inconnue.")
            only = places_of_source(slug)
        with tqdm(desc="Doublons", unit=" paires", disable=options["verbosity"] == 0) as bar:
            outcome = decide(only, apply=options["apply"], progress=bar.update)
        shown = None if options["verbosity"] > 1 else SHOWN
        self._tell_merged(outcome, shown)
        self._tell_waiting(outcome, shown)
        if outcome.apart:
            self.stdout.write(f"déjà dites différentes : {outcome.apart}")
        if outcome.refused:
            self.stdout.write(f"refusées par la base, laissées à examiner : {outcome.refused}")
        self.stdout.write(
            "Tout est écrit."
            if options["apply"]
            else "Essai : rien n’est écrit. Ajoutez --apply pour écrire."
        )
        self.stdout.write(
            f"{len(outcome.merged)} lieux fusionnés ; {len(outcome.waiting)} paires à examiner, "
            f"dont {outcome.added} nouvelles."
        )

    def _tell_merged(self, outcome: Outcome, shown: int | None) -> None:
        for one in outcome.merged[:shown]:
            kept = f"{one.kept_name} ({one.kept})"
            absorbed = f"{one.absorbed_name} ({one.absorbed})"
            self.stdout.write(f"fusion | {kept} | {absorbed} | {_why(one.comparison)}")
        self._tell_rest(len(outcome.merged), shown)

    def _tell_waiting(self, outcome: Outcome, shown: int | None) -> None:
        pairs = outcome.waiting[:shown]
        keys = {key for pair in pairs for key in (pair.first, pair.second)}
        names = dict(Place.objects.filter(pk__in=keys).values_list("pk", "name"))
        for pair in pairs:
            one, other = (f"{names[key]} ({key})" for key in (pair.first, pair.second))
            said = f"{pair.comparison.score} | {_why(pair.comparison)}"
            self.stdout.write(f"à examiner | {one} | {other} | {said}")
        self._tell_rest(len(outcome.waiting), shown)

    def _tell_rest(self, count: int, shown: int | None) -> None:
        if shown is not None and count > shown:
            self.stdout.write(f"… et {count - shown} autres : ajoutez -v 2.")


def _why(comparison: Comparison) -> str:
    return ", ".join(str(reason.label) for reason in comparison.reasons)
