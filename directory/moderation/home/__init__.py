"""What waits for a moderator today, in their territory: queues, each told by one function.

To add one (imports…), write beside the others:

    @queue(20)
    def imports(user: User) -> Queue:
        rows = policy.scope(user, ImportRun).filter(status=…)
        url = listed(ImportRun, status__exact=…)
        return waiting("imports", rows, _("Imports à relire"), url, "created_at")

and import its module in registry.py. The number is its rank on the page; it may return None
when it is not this person's concern. The count must be that of the list that its address opens:
tests compare them.
"""

from directory.moderation.home.queues import Queue, User, listed, queue, waiting
from directory.moderation.home.registry import queues_of

__all__ = ["Queue", "User", "listed", "queue", "queues_of", "waiting"]
