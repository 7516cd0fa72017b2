"""Builds the index of the database named by DATABASE_URL, several times in one process.

DATABASE_URL=… DJANGO_SETTINGS_MODULE=bench.settings python -m bench.building 3
"""

import gc
import statistics
import sys
import time

import django


def main() -> None:
    """Print the seconds of each build: on the clock, and of this process's processor time."""
    django.setup()
    from directory.search.index import build  # noqa: PLC0415 (Django is ready only now)

    seconds, processor = [], []
    for _ in range(int(sys.argv[1])):
        gc.collect()
        started, spent = time.perf_counter(), time.process_time()
        index = build()
        seconds.append(time.perf_counter() - started)
        processor.append(time.process_time() - spent)
        print(f"{seconds[-1]:.2f} s, {processor[-1]:.2f} s of Python")
    print(
        f"median of {index.count:,} places: {statistics.median(seconds):.2f} s, "
        f"{statistics.median(processor):.2f} s of Python, {index.size_bytes / 1e6:.1f} MB"
    )


if __name__ == "__main__":
    main()
