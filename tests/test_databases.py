"""What may be left to one database."""

import re
from pathlib import Path

import pytest

from tests.databases import ONCE

ROOT = Path(__file__).resolve().parent.parent
NAMES = sorted(name for names in ONCE.values() for name in names)
FILES = [name for name in NAMES if "::" not in name]
TESTS = [name for name in NAMES if "::" in name]
HAND = re.compile(
    r"directory\.(?:moderation|tasks)|directory\.exchange(?!.*\bvocabulary_loader\b)"
    r"|IntegrityError|transaction=True|select_for_update|\bconnection\.vendor"
)
"""Writing by the site's own hand, and what databases do each in their way."""


@pytest.mark.parametrize("name", FILES)
def test_file_left_to_one_database_only_reads_what_factories_wrote(name: str) -> None:
    assert HAND.findall((ROOT / name).read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("name", TESTS)
def test_test_left_to_one_database_is_there(name: str) -> None:
    path, function = name.split("::")
    assert f"def {function}(" in (ROOT / path).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "line",
    [
        "from directory.moderation import bulk",
        "from directory.exchange.importing import run",
        "pytestmark = pytest.mark.django_db(transaction=True)",
        "with pytest.raises(IntegrityError):",
    ],
)
def test_writing_by_the_sites_own_hand_is_seen(line: str) -> None:
    assert HAND.search(line)
