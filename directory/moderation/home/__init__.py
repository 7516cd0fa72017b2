"""What waits for a moderator today, in their territory: queues, each told by one function.

To add one, write its function in waiting_rows.py, or in a module that registry.py imports. The
number is its rank on the page; it may return None when it is not this person's concern. The count
must be that of the list that its address opens: tests compare them.
"""

from directory.moderation.home.queues import Queue, User, listed, queue, waiting
from directory.moderation.home.registry import queues_of

__all__ = ["Queue", "User", "listed", "queue", "queues_of", "waiting"]
