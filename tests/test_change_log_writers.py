"""Several writers at once: none waits for another, and readers miss none. PostgreSQL only.

SQLite has one writer at a time: nothing of this can happen there.
"""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from directory.models import Change, Place
from directory.models.changes import KEEP
from tests import factories

make: Any = factories

if connection.vendor == "postgresql":

    @pytest.fixture
    def second() -> Any:
        """Another connection to the same database; an attempt that waits a second fails."""
        other = connection.copy()
        with other.cursor() as cursor:
            cursor.execute("SET lock_timeout = '1s'")
        yield other
        other.close()

    def rename(key: int, through: Any = connection) -> None:
        with through.cursor() as cursor:
            cursor.execute("UPDATE directory_place SET name = 'Autre' WHERE id = %s", [key])

    @pytest.mark.django_db(transaction=True)
    def test_late_commit_of_an_earlier_row_is_read(second: Any) -> None:
        slow, quick = make.PlaceFactory(), make.PlaceFactory()
        start = Change.objects.position()
        second.set_autocommit(False)
        rename(slow.pk, second)
        rename(quick.pk)
        meanwhile = Change.objects.since(start)
        assert meanwhile.places == {quick.pk}
        second.commit()
        after = Change.objects.since(meanwhile.position)
        assert after.places == {slow.pk}
        assert Change.objects.since(after.position).places == set()

    @pytest.mark.django_db(transaction=True)
    def test_position_taken_during_a_transaction_misses_nothing_of_it(second: Any) -> None:
        first, last = make.PlaceFactory(), make.PlaceFactory()
        second.set_autocommit(False)
        rename(first.pk, second)
        start = Change.objects.position()
        rename(last.pk, second)
        assert Change.objects.since(start).places == set()
        second.commit()
        assert Change.objects.since(start).places == {first.pk, last.pk}

    @pytest.mark.django_db(transaction=True)
    def test_long_import_blocks_no_save(second: Any) -> None:
        actor = make.ActorFactory()
        places = make.PlaceFactory.create_batch(20, operator=actor)
        edited = make.PlaceFactory(operator=actor)
        start = Change.objects.position()
        with transaction.atomic():
            Place.objects.exclude(pk=edited.pk).update(name="Importé")
            make.PlaceFactory.create_batch(3, operator=actor)
            rename(edited.pk, second)
            with second.cursor() as cursor:
                cursor.execute("UPDATE directory_actor SET name = 'x' WHERE id = %s", [actor.pk])
                cursor.execute(
                    "SELECT count(*) FROM directory_change WHERE object_id = %s AND kind = 'actor'",
                    [actor.pk],
                )
                assert cursor.fetchone() == (1,)
        told = Change.objects.since(start).places
        assert told is not None
        assert told >= {edited.pk, *(place.pk for place in places)}

    @pytest.mark.django_db(transaction=True)
    def test_pruning_waits_for_nobody(second: Any) -> None:
        make.PlaceFactory.create_batch(3)
        Change.objects.update(changed_at=timezone.now() - KEEP - timedelta(minutes=1))
        held = Change.objects.earliest("pk").pk
        second.set_autocommit(False)
        with second.cursor() as cursor:
            cursor.execute("SELECT id FROM directory_change WHERE id = %s FOR UPDATE", [held])
        assert Change.objects.prune() == 2
        assert Change.objects.get().pk == held
        second.rollback()
