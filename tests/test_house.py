"""The rules of the house, checked on the files: layers, budgets, locks, README, privacy."""

import ast
import csv
import re
import tomllib
from pathlib import Path

import pytest

from directory.exchange.emails import is_placeholder, nominative_rule
from tests.files import ours, read, tracked

TOP_LEVEL = {
    ".ci", ".dockerignore", ".gitignore", "Dockerfile", "LICENSE", "Makefile", "README.md", "bench",
    "directory", "docker-compose.yml", "docs", "fixtures", "manage.py", "mediation",
    "pyproject.toml", "requirements-dev.txt", "requirements.txt", "static", "templates", "tests",
}  # fmt: skip
BUDGETS = {".py": 300, ".html": 120, ".js": 150}
"""Lines at most in a file, by ending."""
LOCKS = ("requirements.txt", "requirements-dev.txt")

# A layer imports its own and those under it, never one above.
LAYERS = [
    {"vocabularies"},
    {"models"},
    {"search", "moderation", "exchange"},
    {"views", "api", "admin", "management", "templatetags", "apps", "urls"},
]
ON_TOP = len(LAYERS) - 1
APART = {
    ("views", "admin"),
    ("admin", "views"),
    ("views", "api"),
    ("admin", "api"),
    ("api", "admin"),
}
"""(what imports, what is imported): neighbours that do not know each other. The API uses what pages
are made of; no page uses the API."""


# --- Layers and budgets ---------------------------------------------------------------------------


def layer(module: str) -> int | None:
    """The rank of a module of the directory's; None for the others."""
    parts = module.split(".")
    if parts[0] != "directory" or len(parts) == 1:
        return None
    return next((rank for rank, names in enumerate(LAYERS) if parts[1] in names), ON_TOP)


def imported(source: str) -> set[str]:
    """Every module a source imports, at its top or inside a function."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def faults_of_direction(module: str, source: str) -> list[str]:
    """What this module imports and must not."""
    own = layer(module)
    if own is None:
        return []
    faults = []
    for other in imported(source):
        rank = layer(other)
        upwards = rank is not None and rank > own
        to_the_site = own < ON_TOP and other.split(".")[0] == "mediation"
        pair = (module.split(".")[1], [*other.split("."), ""][1])
        across = pair in APART and rank is not None
        if upwards or to_the_site or across:
            faults.append(f"{module} imports {other}")
    return faults


def test_imports_go_one_way() -> None:
    faults = []
    for path in ours(".py"):
        if path.startswith("directory/"):
            module = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
            faults += faults_of_direction(module, read(path))
    assert faults == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("directory.models.places", "from directory.search import gazetteer"),
        ("directory.models.places", "def f():\n    import directory.views.home"),
        ("directory.vocabularies.names", "from directory import models"),
        ("directory.exchange.reading", "from mediation import settings"),
        ("directory.views.home", "from directory.admin.places import PlaceAdmin"),
        ("directory.views.home", "from directory.api.places import place_list"),
        ("directory.api.places", "from directory.admin.places import PlaceAdmin"),
        ("directory.search.finder", "from directory.api import cursors"),
    ],
)
def test_import_upwards_or_across_is_refused(module: str, source: str) -> None:
    assert len(faults_of_direction(module, source)) == 1


def test_no_file_is_over_its_budget() -> None:
    lengths = {path: len(read(path).splitlines()) for path in ours(*BUDGETS)}
    assert {p: n for p, n in lengths.items() if n > BUDGETS[Path(p).suffix]} == {}


def test_top_level_holds_only_known_names() -> None:
    assert {path.split("/")[0] for path in tracked()} - TOP_LEVEL == set()


def test_no_test_is_skipped() -> None:
    skips = re.compile(r"\b(?:mark\.skip|mark\.xfail|pytest\.skip|importorskip|unittest\.skip)")
    tests = [
        path for path in ours(".py") if path.startswith("tests/") and path != "tests/test_house.py"
    ]
    assert [path for path in tests if skips.search(read(path))] == []


# --- Locks and README -----------------------------------------------------------------------------


def locked(path: str) -> dict[str, tuple[str, int]]:
    """Name to version and number of hashes, for each entry of a lock file."""
    entries = {}
    for entry in re.split(r"\n(?=\S)", read(path).strip()):
        name, version = re.match(r"([a-z0-9._-]+)==(\S+)", entry, re.IGNORECASE).groups()  # type: ignore[union-attr]
        entries[canonical(name)] = (version, len(re.findall(r"--hash=sha256:[0-9a-f]{64}", entry)))
    return entries


def canonical(name: str) -> str:
    """A distribution's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=~! ]", name)[0]).lower()


def dependencies() -> dict[str, list[str]]:
    """The names pyproject.toml asks for, by lock file."""
    project = tomllib.loads(read("pyproject.toml"))["project"]
    run = [canonical(name) for name in project["dependencies"]]
    dev = [canonical(name) for name in project["optional-dependencies"]["dev"]]
    return {"requirements.txt": run, "requirements-dev.txt": run + dev}


@pytest.mark.parametrize("path", LOCKS)
def test_lock_holds_hashes_for_every_dependency_and_no_address(path: str) -> None:
    entries = locked(path)
    assert [name for name, (_, hashes) in entries.items() if not hashes] == []
    assert [name for name in dependencies()[path] if name not in entries] == []
    assert re.findall(r".*(?:://|--(?:extra-)?index|--find-links| @ ).*", read(path)) == []


def test_what_is_tested_is_what_is_served() -> None:
    served, tested = (locked(path) for path in LOCKS)
    assert {n: e for n, e in served.items() if tested.get(n) != e} == {}


def test_readme_names_the_two_first_commands() -> None:
    assert [word for word in ("make demo", "make test") if word not in read("README.md")] == []


def test_every_dependency_has_a_line_in_the_readme() -> None:
    rows = "\n".join(
        line for line in read("README.md").splitlines() if line.startswith("|")
    ).lower()
    names = dependencies()["requirements-dev.txt"]
    assert [n for n in names if not re.search(rf"(?<![\w-]){re.escape(n)}(?![\w-])", rows)] == []


# --- Privacy --------------------------------------------------------------------------------------

MOBILE = re.compile(
    r"(?<![\w.+])(?:(?:\+|00)33[\s.]?(?:\(0\))?|0)([67](?:[\s.\-\u00a0\u202f]?\d){8})(?![\w])"
)
# Arcep decision 2018-0881: this block belongs to no one, for works of fiction.
FICTION = "63998"
EMAIL = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
# RFC 2606: nobody can own these.
NOBODYS_DOMAIN = re.compile(r"(?:^|\.)(?:example|invalid|test|localhost|example\.(?:com|net|org))$")
# Addresses nobody reads, and those whose invented name says so (sophie.exemple@…).
INVENTED = re.compile(r"\bexemple\b")
PUBLISHED_LINES = {"fixtures/france_services/france-services-2024-08.csv.gz": "telephone"}
PERSONS = {"first-name-and-surname", "initial-and-surname"}


def personal_data(text: str) -> list[str]:
    """Mobiles, and addresses that look like a person's."""
    mobiles = [
        m.group() for m in MOBILE.finditer(text) if not digits(m.group(1)).startswith(FICTION)
    ]
    emails = [
        email
        for email in EMAIL.findall(text)
        if nominative_rule(email) in PERSONS and not is_nobodys(email)
    ]
    return mobiles + emails


def is_nobodys(email: str) -> bool:
    """Is this address plainly an example's, or one nobody reads?"""
    reserved = NOBODYS_DOMAIN.search(email.rpartition("@")[2])
    return bool(reserved or INVENTED.search(email) or is_placeholder(email))


def digits(text: str) -> str:
    """Only the digits of a text."""
    return re.sub(r"\D", "", text)


def test_no_file_holds_a_mobile_or_a_persons_address() -> None:
    paths = [
        p for p in tracked() if p not in LOCKS and not p.endswith((".png", ".woff2", ".min.js"))
    ]
    found = {path: personal_data(without_published_lines(path)) for path in paths}
    assert {path: data for path, data in found.items() if data} == {}


def without_published_lines(path: str) -> str:
    """A file's text, less the column where counters publish their own line, mobiles included."""
    text, column = read(path), PUBLISHED_LINES.get(path)
    if column is None:
        return text
    rows = csv.DictReader(text.splitlines())
    return "\n".join(" | ".join(v for k, v in row.items() if k != column) for row in rows)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("0" + "6 12 34 56 78", 1),
        ("+33" + "712345678", 1),
        ("06 39 98 00 01", 0),
        ("01 99 00 12 34", 0),
        ("jeanne.martin@" + "ville-quelconque.fr", 1),
        ("jeanne.martin@mairie.example", 0),
        ("accueil@ville-quelconque.fr", 0),
    ],
)
def test_personal_data_is_seen(text: str, count: int) -> None:
    assert len(personal_data(text)) == count
