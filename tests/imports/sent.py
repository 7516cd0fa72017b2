"""Lists sent through the admin, and who sends them."""

import threading
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client, TestCase
from django.urls import reverse

from directory.exchange import exclusive
from directory.models import ImportRun
from tests.accounts import national, sign_in
from tests.imports.lists import text_of


def importer(client: Client, name: str = "imports") -> Client:
    """A browser of a national administrator: imports are theirs alone."""
    return sign_in(client, national(name))


def listed(*rows: dict[str, str], name: str = "liste_20240801.csv") -> SimpleUploadedFile:
    """A list of places as a browser sends it."""
    return SimpleUploadedFile(name, text_of(*(rows or ({},))).encode())


def send(client: Client, file: Any, **fields: Any) -> Any:
    """Send a list; the source is « ma-liste » unless another is given."""
    url = reverse("admin:directory_importrun_add")
    with TestCase.captureOnCommitCallbacks(execute=True):
        return client.post(url, {"new_source": "ma-liste", "file": file} | fields)


def sent(client: Client, *rows: dict[str, str], **fields: Any) -> ImportRun:
    """Send a list that is right; the import it makes."""
    known = set(ImportRun.objects.values_list("pk", flat=True))
    answer = send(client, listed(*rows), **fields)
    assert answer.status_code == 302, answer.context["form"].errors
    return ImportRun.objects.exclude(pk__in=known).get()


def do(client: Client, run: ImportRun, what: str, **fields: str) -> ImportRun:
    """Do something to an import (`apply`, `cancel`, `resume`); what it then is."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        client.post(reverse(f"admin:directory_importrun_{what}", args=[run.pk]), fields)
    run.refresh_from_db()
    return run


def apply(client: Client, run: ImportRun, mode: str = "run") -> ImportRun:
    """Have an import written."""
    return do(client, run, "apply", mode=mode, sure="1")


def page(client: Client, run: ImportRun, **query: str) -> str:
    """The page of an import."""
    url = reverse("admin:directory_importrun_change", args=[run.pk])
    return str(client.get(url, query).content.decode())


class Elsewhere:
    """A name held by another thread, as by another process."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __enter__(self) -> None:
        self.held, self.over = threading.Event(), threading.Event()

        def hold() -> None:
            with exclusive.hold(self.name):
                self.held.set()
                self.over.wait(30)
            connection.close()

        self.thread = threading.Thread(target=hold)
        self.thread.start()
        assert self.held.wait(30)

    def __exit__(self, *error: object) -> None:
        self.over.set()
        self.thread.join()
