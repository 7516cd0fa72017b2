"""A worker's sign of life, and what it does for those that died: their tasks are queued again.

django-tasks-db leaves the task of a killed worker "running" for ever. Each worker therefore holds
a lock of its own as long as it lives (directory/exchange/exclusive.py): whose lock is free is dead.
"""

import logging
import threading
import time
from datetime import timedelta
from types import TracebackType

from django.db import Error, connection
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from directory.exchange import exclusive, import_files

logger = logging.getLogger("directory")

LOOK_EVERY = 15.0
"""Seconds between two looks at the other workers, and at this one's own lock."""
PRUNE_EVERY = 3600.0
"""Seconds between two deletions of what is too old."""
RESULTS_KEPT = timedelta(days=30)


def queue_again() -> int:
    """Queue again the tasks whose worker died; return how many."""
    count = 0
    for task in DBTaskResult.objects.running():
        if task.worker_ids and exclusive.is_held(_name(task.worker_ids[-1])):
            continue
        # Unless another worker did it, or it ended, since it was read.
        still = DBTaskResult.objects.running().filter(pk=task.pk, started_at=task.started_at)
        again = still.update(status=TaskResultStatus.READY, started_at=None)
        if again:
            logger.warning("Task %s queued again: its worker died.", task.pk)
        count += again
    return count


class Presence(threading.Thread):
    """Holds a worker's lock, in a connection that nothing else uses or closes.

    Used as a context: entered once the lock is held and the tasks of the dead are queued again.
    """

    def __init__(self, worker_id: str) -> None:
        super().__init__(name="presence", daemon=True)
        self.worker_id = worker_id
        self.held = threading.Event()
        self.over = threading.Event()
        self.pruned_at = 0.0

    def __enter__(self) -> "Presence":
        self.start()
        self.held.wait()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.over.set()
        self.join()

    def run(self) -> None:
        """Hold the lock until the worker ends, and take it again when its connection is lost."""
        while not self.over.is_set():
            try:
                with exclusive.hold(_name(self.worker_id)):
                    self._stay()
            except (Error, OSError, exclusive.HeldElsewhereError):
                logger.exception("The worker's sign of life failed: it is given again.")
                connection.close()
                self.over.wait(1)
        connection.close()

    def _stay(self) -> None:
        while not self.over.is_set():
            # Says, too, whether the connection is alive.
            queue_again()
            self.held.set()
            if time.monotonic() - self.pruned_at > PRUNE_EVERY or not self.pruned_at:
                self.pruned_at = time.monotonic()
                _prune()
            self.over.wait(LOOK_EVERY)


def _prune() -> None:
    import_files.prune()
    old = DBTaskResult.objects.finished().filter(finished_at__lt=timezone.now() - RESULTS_KEPT)
    old.delete()


def _name(worker_id: str) -> str:
    return f"worker:{worker_id}"
