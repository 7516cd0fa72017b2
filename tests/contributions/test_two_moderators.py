"""Two moderators who accept the same contribution at the same moment."""

from threading import Barrier, Thread

import pytest
from django.db import OperationalError, connection

from directory.models import Contribution, Place
from directory.moderation.contributions import decisions, reading
from tests import factories as make
from tests.accounts import national

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 5


@pytest.mark.parametrize("attempt", range(ROUNDS))
def test_only_one_of_two_simultaneous_answers_is_written(attempt: int) -> None:
    place = make.PlaceFactory.create(name="Le relais")
    one = make.ContributionFactory.create(
        place=place, changes={"name": {"before": "Le relais", "after": "Le grand relais"}}
    )
    moderators = [national(f"moderatrice-{number}") for number in range(2)]
    seen = reading.seen(Contribution.objects.get(pk=one.pk))
    start, written, refused = Barrier(2), [], []

    def answer(number: int) -> None:
        start.wait()
        try:
            decisions.accept(one.pk, ["name"], moderators[number], seen)
            written.append(moderators[number].pk)
        except (decisions.AlreadyDecidedError, OperationalError) as error:
            # SQLite in memory refuses at once what would wait on a disk.
            refused.append(error)
        finally:
            connection.close()

    threads = [Thread(target=answer, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(written), len(refused)) == (1, 1)
    one.refresh_from_db()
    assert one.moderated_by_id == written[0]
    assert Place.objects.get().name == "Le grand relais"
