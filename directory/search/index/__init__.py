"""The search index: see docs/decisions/0006-search-index.md."""

import time
from datetime import timedelta

from django.utils import timezone

from directory.search.index.answers import Answer, Hit
from directory.search.index.builder import Builder
from directory.search.index.core import SearchIndex
from directory.search.index.geography import Bands
from directory.search.index.reading import consistent_reading
from directory.search.index.records import Reader, read_labels, read_positions
from directory.search.index.wording import Normalizer

__all__ = ["Answer", "Hit", "SearchIndex", "build"]


def build() -> SearchIndex:
    """Read all published places and return their index."""
    started, built_at = time.perf_counter(), timezone.now()
    today = timezone.localdate(built_at)
    monday = today - timedelta(days=today.weekday())
    with consistent_reading():
        normalizer = Normalizer()
        labels = read_labels(normalizer)
        builder = Builder(Bands(read_positions()), labels, monday)
        builder.gather(Reader(labels, normalizer, monday))
    return SearchIndex(
        builder.base(),
        builder.bits(),
        (1 << builder.size) - 1,
        labels,
        built_at=built_at,
        build_seconds=time.perf_counter() - started,
    )
