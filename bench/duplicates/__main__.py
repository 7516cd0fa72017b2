"""Prints the precision of automatic merges and the recall with review, on labelled pairs.

    .venv/bin/python -m bench.duplicates --folder LISTS

LISTS holds the consolidated file of the national standard, never shipped; `pairs.csv` names pairs
of its rows. The file is imported as any other into a database of its own: SQLite in var/bench/, or
the empty one that DATABASE_URL names. Nothing is merged: each pair is judged as the database gives
it, keys of blocking included.
"""

import argparse
import os
import sys
from pathlib import Path

import django

ROOT = Path(__file__).resolve().parents[2]
LIST = "lieux_consolides_standard_v1.0.2.csv"
PRECISION, RECALL = 0.98, 0.85
"""What is wanted of automatic merges, and of merges and review together."""


def main() -> int:
    """Import, judge, print a table in Markdown; 1 when a figure is not reached."""
    parser = argparse.ArgumentParser(description=__doc__)
    known = os.environ.get("BENCH_LISTS")
    parser.add_argument("--folder", type=Path, default=known, required=known is None)
    options = parser.parse_args()
    source = Path(options.folder) / LIST
    if not source.is_file():
        print(f"{source}: no such file", file=sys.stderr)
        return 2
    _settle()
    django.setup()
    from bench.duplicates import judging  # noqa: PLC0415 (Django is ready only now)

    judging.load(source)
    said, tallies = judging.judge()
    print(said)
    print("| pairs | same | different | merged | wrongly | precision | shown | recall | missing |")
    print("| --- " * 9 + "|")
    for part, tally in tallies.items():
        print(
            f"| {part} | {tally.same} | {tally.different} | {tally.merged} "
            f"| {tally.merged_wrongly} | {tally.precision:.3f} | {tally.shown} "
            f"| {tally.recall:.3f} | {tally.missing} |"
        )
    reached = all(t.precision >= PRECISION and t.recall >= RECALL for t in tallies.values())
    return 0 if reached else 1


def _settle() -> None:
    """Choose the settings, and the database: an empty file unless DATABASE_URL names another."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mediation.settings")
    os.environ.setdefault("DJANGO_DEMO", "1")
    if "DATABASE_URL" not in os.environ:
        folder = ROOT / "var" / "bench"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "duplicates.sqlite3").unlink(missing_ok=True)
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/duplicates.sqlite3"


if __name__ == "__main__":
    sys.exit(main())
