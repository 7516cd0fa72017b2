"""Runs the suite on SQLite, then PostgreSQL, then the browser tests, and says what it left out.

usage: test.py [--fast] [pytest arguments]
REQUIRE_ALL=1 makes anything left out a failure: continuous integration runs so.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import postgres

ROOT = Path(__file__).resolve().parent.parent
BROWSER_TESTS = "tests/browser"
# Neighbours stay together, hence load once what a file shares; who has finished helps the other.
TWO_CORES = ("-n", "2", "--dist", "worksteal")
# Files that take 3 s of processor or more, and those that wait or start processes (measured:
# pytest --durations=0): `make test` runs them.
SLOW = (
    "tests/campaigns/test_concurrent.py",
    "tests/campaigns/test_hostile_links.py",
    "tests/contributions/test_hostile.py",
    "tests/contributions/test_two_moderators.py",
    "tests/duplicates/test_by_rule.py",
    "tests/duplicates/test_merge_page.py",
    "tests/editing/test_conflicts.py",
    "tests/editing/test_place_form.py",
    "tests/editing/test_place_hours.py",
    "tests/editing/test_place_lines.py",
    "tests/exports",
    "tests/home/test_home.py",
    "tests/imports/test_admin_imports.py",
    "tests/imports/test_corrections.py",
    "tests/imports/test_data_inclusion.py",
    "tests/imports/test_killed.py",
    "tests/imports/test_mappings.py",
    "tests/imports/test_provenance.py",
    "tests/imports/test_sent_files.py",
    "tests/imports/test_worker.py",
    "tests/index/test_clusters.py",
    "tests/index/test_index_agreement.py",
    "tests/roles",
    "tests/test_api_data_inclusion.py",
    "tests/test_api_open_data.py",
    "tests/test_api_places.py",
    "tests/test_api_schemathesis.py",
    "tests/test_api_surface.py",
    "tests/test_bad_input.py",
    "tests/test_carnet_page.py",
    "tests/test_feeds.py",
    "tests/test_founding_load.py",
    "tests/test_france_services_import.py",
    "tests/test_fuzz.py",
    "tests/test_geography.py",
    "tests/test_import_places_command.py",
    "tests/test_live_index_processes.py",
    "tests/test_live_index_threads.py",
    "tests/test_phrases.py",
    "tests/test_privacy.py",
    "tests/test_query_counts.py",
    "tests/test_query_set.py",
    "tests/test_security_headers.py",
    "tests/test_share_page.py",
    "tests/test_sheet_pdf.py",
    "tests/test_sitemaps.py",
    "tests/test_standard_import.py",
    "tests/test_where.py",
    "tests/test_widget.py",
)
sys.path.insert(0, str(ROOT))

from tests.browser.chromium import find_chromium  # noqa: E402 (needs the path above)
from tests.databases import ONCE  # noqa: E402 (needs the path above)


@dataclass
class Report:
    """What ran, with its seconds and result, and what was left out, with the reason."""

    ran: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def run(self, name: str, *arguments: str, **environment: str) -> None:
        """Run pytest with these arguments; DATABASE_URL is SQLite's unless one is given."""
        print(f"\n=== {name} ===", flush=True)
        env = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
        started = time.monotonic()
        command = [sys.executable, "-m", "pytest", *arguments]
        code = subprocess.run(command, cwd=ROOT, env=env | environment, check=False).returncode
        line = f"{name} ({time.monotonic() - started:.0f} s)"
        self.ran.append(line) if code == 0 else self.failed.append(f"{line}, exit code {code}")

    def close(self, require_all: bool) -> int:
        """Print the summary; the exit code."""
        print("\n=== What was tested ===")
        for line in self.ran:
            print(f"passed    {line}")
        for line in self.failed:
            print(f"FAILED    {line}")
        for line in self.left_out:
            print(f"LEFT OUT  {line}")
        for line in self.notes:
            print(line)
        if not self.left_out:
            print("Nothing was left out.")
        elif require_all:
            print("REQUIRE_ALL=1: leaving something out is a failure.")
        return 1 if self.failed or (self.left_out and require_all) else 0


def test_on_postgresql(report: Report, arguments: list[str]) -> None:
    """On the server DATABASE_URL names, else on a throw-away one."""

    def run(url: str, where: str) -> None:
        report.run(f"PostgreSQL, {where}", *arguments, DATABASE_URL=url)

    given = os.environ.get("DATABASE_URL", "")
    if given.startswith(("postgres://", "postgresql://")):
        run(given, "the server of DATABASE_URL")
        return
    binaries = postgres.find_binaries()
    if binaries is None:
        report.left_out.append(
            "PostgreSQL: no server here. Install one (Debian: apt-get install postgresql; "
            "macOS: brew install postgresql) or set DATABASE_URL=postgres://…"
        )
        return
    try:
        with postgres.throwaway_server(binaries) as url:
            run(url, f"a throw-away server ({binaries})")
    except subprocess.CalledProcessError as error:
        report.failed.append(f"PostgreSQL: the throw-away server failed.\n{error.output}")


def test_in_browser(report: Report, arguments: list[str]) -> None:
    """On SQLite, in the Chromium found on this machine."""
    chromium = find_chromium()
    if chromium is None:
        report.left_out.append(
            "Browser: no Chromium here. Install one (Debian: apt-get install chromium; "
            "macOS: brew install --cask chromium) or set CHROMIUM=/path/to/it"
        )
        return
    driver = [sys.executable, "-m", "playwright", "--version"]
    started = subprocess.run(driver, capture_output=True, text=True, check=False)
    if started.returncode:
        report.left_out.append(
            f"Browser: Playwright's driver does not start. {started.stderr.strip()} "
            "(Debian: apt-get install libatomic1)"
        )
        return
    report.run(f"Browser ({chromium})", BROWSER_TESTS, *TWO_CORES, *arguments, CHROMIUM=chromium)


def main(arguments: list[str]) -> int:
    """Run what can be run here; 0 when all that ran passed (and, if required, all ran)."""
    report = Report()
    fast = "--fast" in arguments
    arguments = [argument for argument in arguments if argument != "--fast"]
    # Paths given as arguments narrow what runs.
    chosen = [] if any(a.startswith("tests") for a in arguments) else ["tests"]
    without_browser = [*chosen, f"--ignore={BROWSER_TESTS}", *arguments]
    slow = [f"--ignore={path}" for path in SLOW] if fast and chosen else []
    if chosen:
        without_browser += TWO_CORES
    report.run("SQLite", *without_browser, *slow)
    second = ["--second-database"] if chosen else []
    if chosen and not fast:
        report.notes.append("On SQLite alone (tests/databases.py): tests that ask no database;")
        report.notes += [f"  {reason} ({len(files)})." for reason, files in ONCE.items()]
    later: list[Callable[[], None]] = [
        lambda: test_on_postgresql(report, [*without_browser, *second]),
        lambda: test_in_browser(report, arguments),
    ]
    if fast:
        report.left_out.append("PostgreSQL and the browser: make test runs them")
        if slow:
            report.left_out.append(f"slower tests, also run by make test: {', '.join(SLOW)}")
    else:
        for step in later:
            step()
    return report.close(require_all=os.environ.get("REQUIRE_ALL") == "1")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
