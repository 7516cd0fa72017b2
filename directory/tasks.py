"""Background work, through Django's Tasks interface: settings.TASKS says who does it, and when.

A task may be done again after its worker's death (directory/management/commands/db_worker.py):
each must find by itself what is left to do.
"""

from functools import partial

from django.db import transaction
from django_tasks import DEFAULT_TASK_BACKEND_ALIAS, task, task_backends
from django_tasks_db import DatabaseBackend

from directory.exchange import import_runs
from directory.models import ImportRun


@task()
def work_on_import(key: int) -> None:
    """Read or write an import, as it waits for."""
    import_runs.work(key)


def enqueue_import(run: ImportRun) -> None:
    """Have an import worked on; call it in the transaction that makes it wait for something."""
    if isinstance(task_backends[DEFAULT_TASK_BACKEND_ALIAS], DatabaseBackend):
        # Queued with what it is about: neither is ever without the other.
        work_on_import.enqueue(run.pk)
    else:
        transaction.on_commit(partial(work_on_import.enqueue, run.pk))
