"""What waits for a moderator today, in their territory: queues, each told by one function.

To add one (imports, duplicates…), write beside the others:

    @queue(30)
    def duplicates(user: User) -> Queue | None:
        rows = policy.scope(user, DuplicateCandidate).filter(status=DuplicateStatus.WAITING)
        url = listed(DuplicateCandidate, status__exact=DuplicateStatus.WAITING)
        return waiting("duplicates", rows, _("Doublons à examiner"), url, "created_at")

and import its module in registry.py. The number is its rank on the page; None when it is not this
person's concern. The count must be that of the list that its address opens: tests compare them.
"""

from directory.moderation.home.queues import Queue, User, listed, queue, waiting
from directory.moderation.home.registry import queues_of

__all__ = ["Queue", "User", "listed", "queue", "queues_of", "waiting"]
