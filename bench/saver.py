"""Saves one record a second while pages are asked for, as moderators and imports do."""

import itertools
import random
import time

import django


def main() -> None:
    """Save published places in turn, for ever; the bench ends this process."""
    django.setup()
    from directory.models import Place  # noqa: PLC0415 (Django is ready only now)

    rng = random.Random(5)
    keys = list(Place.objects.published().values_list("pk", flat=True)[:100_000])
    for count in itertools.count():
        place = Place.objects.select_related("operator", "commune").get(pk=rng.choice(keys))
        place.notes = f"Enregistré {count} fois."
        place.save()
        time.sleep(1)


if __name__ == "__main__":
    main()
