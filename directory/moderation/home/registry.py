"""The queues of a person, read together."""

from directory.moderation import policy
from directory.moderation.home import waiting_rows  # noqa: F401 (registers its queues)
from directory.moderation.home.queues import READERS, Queue, User


def queues_of(user: User) -> list[Queue]:
    """Return the queues of a moderator, in their order, empty ones included; none for others.

    One or two queries each, whatever the number of rows.
    """
    if not policy.grants_of(user).moderates:
        return []
    readers = [reader for _rank, reader in sorted(READERS.values(), key=lambda one: one[0])]
    return [found for reader in readers if (found := reader(user)) is not None]
