"""The search index: see docs/decisions/0006-search-index.md."""

import time
from datetime import datetime, timedelta

from django.utils import timezone

from directory.search.index.answers import Answer, Hit
from directory.search.index.builder import base_of
from directory.search.index.core import SearchIndex
from directory.search.index.gathering import Gathering
from directory.search.index.labels import read_labels
from directory.search.index.reading import consistent_reading, without_collecting
from directory.search.index.tables import Tables
from directory.search.index.wording import Normalizer

__all__ = ["Answer", "Hit", "SearchIndex", "build"]


def build() -> SearchIndex:
    """Read all published places and return their index, ready for the present time."""
    started, built_at = time.perf_counter(), timezone.now()
    with without_collecting():
        index = _read(built_at)
        index.advance(built_at)
    index.build_seconds = time.perf_counter() - started
    return index


def _read(built_at: datetime) -> SearchIndex:
    today = timezone.localdate(built_at)
    monday = today - timedelta(days=today.weekday())
    with consistent_reading():
        normalizer = Normalizer()
        labels = read_labels(normalizer)
        gathered = Gathering(Tables(), labels, normalizer, monday)
    base, alive = base_of(gathered), (1 << gathered.size) - 1
    return SearchIndex(base, base.columns, alive, labels, built_at=built_at)
