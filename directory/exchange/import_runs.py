"""What becomes of a list sent through the admin: read, shown, then written when somebody agrees.

Each step may be done again after a death at any moment. `state` only changes by conditional
updates: who finds it changed has nothing left to do. Writing changes it in its own transaction.
"""

import hashlib
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import fields
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from directory.exchange import exclusive, import_files, importing
from directory.exchange.importing import ImportRefusedError, Mode, Request
from directory.exchange.report import Kind, Report
from directory.models.import_runs import BUSY, CANCELLABLE, ImportRun, RunMode, RunState

SAID_EVERY = 0.5
"""Seconds between two tellings of the progress, and between two looks at whether to go on."""
MAX_ATTEMPTS = 5
"""Deaths of workers from which the import is taken for their cause."""
LAST_BREATH = 60.0
"""Seconds that PostgreSQL may take to notice, in the midst of a statement, that who asked died."""
COUNTED = (int, str, list, dict)
"""What of a report is kept with its import; the rest is in its files."""


class CancelledError(ImportRefusedError):
    """Somebody gave the import up."""


class StaleError(ImportRefusedError):
    """What would be written is not what the preview showed."""

    def __init__(self, report: Report) -> None:
        super().__init__(_("les données ont changé depuis l’aperçu"))
        self.report = report


def work(key: int) -> None:
    """Do what an import waits for; nothing when it waits for nothing."""
    run = ImportRun.objects.filter(pk=key, state__in=BUSY).first()
    if run is None:
        return
    try:
        if run.attempts >= MAX_ATTEMPTS:
            raise ImportRefusedError(
                _("l’import a été interrompu trop souvent. Son fichier est-il trop lourd\u00a0?")
            )
        if run.mode == RunMode.DRY:
            _preview(run)
        else:
            _apply(run)
    except ImportRefusedError as error:
        _fail(run, str(error))
    except Exception:
        _fail(run, _("erreur imprévue de ce site\u00a0: prévenez la personne qui s’en occupe."))
        raise


def ask(run: ImportRun, mode: RunMode) -> bool:
    """Ask that a ready import be written; return whether it was still to be."""
    asked = ImportRun.objects.filter(pk=run.pk, state=RunState.READY)
    return bool(asked.update(state=RunState.QUEUED, mode=mode, attempts=0, notice="", error=""))


def cancel(run: ImportRun) -> bool:
    """Give an import up and delete its files; return False when it is too late."""
    still = ImportRun.objects.filter(pk=run.pk, state__in=CANCELLABLE)
    done = still.update(state=RunState.CANCELLED, mode=RunMode.DRY, ended_at=timezone.now())
    if done:
        import_files.forget([*run.stored_names, *filter(None, [run.report_name])])
    return bool(done)


def counts_of(report: Report) -> dict[str, Any]:
    """Return every number, text and count of a report by name, and how many entries of each kind.

    Whatever a report learns to count is kept.
    """
    told = {one.name: getattr(report, one.name) for one in fields(report)}
    kept = {name: value for name, value in told.items() if isinstance(value, COUNTED)}
    kinds = Counter(entry.kind.value for entry in report.journal)
    return {**kept, "stored": report.stored, "kinds": kinds}


def digest_of(report: Report) -> str:
    """Return a digest of everything a report tells, less what is only found by writing."""
    digest = hashlib.sha256()
    for entry in report.journal:
        if entry.kind != Kind.JOINED:
            digest.update(repr(entry).encode(errors="replace"))
    return digest.hexdigest()


def _preview(run: ImportRun) -> None:
    waiting = ImportRun.objects.filter(
        pk=run.pk, mode=RunMode.DRY, state__in=[RunState.QUEUED, RunState.READING]
    )
    if not waiting.update(
        state=RunState.READING, attempts=F("attempts") + 1, started_at=timezone.now()
    ):
        return
    request = _request(run, Mode.DRY)
    total = sum(1 for row in importing.read(request)[0].rows)
    ImportRun.objects.filter(pk=run.pk).update(total=total)
    report = importing.run(request, _progress(run, lambda: _go_on(run)))
    _show(run, report, RunState.READING)


def _apply(run: ImportRun) -> None:
    asked = ImportRun.objects.filter(
        pk=run.pk, mode=run.mode, state__in=[RunState.QUEUED, RunState.APPLYING]
    )
    patience = time.monotonic() + LAST_BREATH
    while True:
        try:
            with importing.alone(run.source):
                # Alone: nobody else is doing it, and who did it before is dead or done.
                if asked.update(
                    state=RunState.APPLYING, attempts=F("attempts") + 1, started_at=timezone.now()
                ):
                    run.refresh_from_db()
                    _write(run)
            return
        except exclusive.HeldElsewhereError:
            being_written = asked.filter(state=RunState.APPLYING).exists()
            if not being_written or time.monotonic() > patience:
                break
        time.sleep(SAID_EVERY)
    asked.filter(state=RunState.QUEUED).update(
        state=RunState.READY,
        mode=RunMode.DRY,
        notice=_("Un autre import de cette source est en cours. Réessayez quand il sera fini."),
    )


def _write(run: ImportRun) -> None:
    mode, resumed = Mode(run.mode), run.attempts > 1
    try:
        # Rows are written as they come: what was seen is checked before, and once.
        if mode == Mode.ROW and not resumed:
            _check(run, importing.run(_request(run, Mode.DRY)))
        importing.run(
            _request(run, mode),
            _progress(run),
            lambda report: _settle(run, report, resumed=resumed),
        )
    except StaleError as stale:
        _show(run, stale.report, RunState.APPLYING, notice=_differences(run, stale.report))
    except ImportRefusedError as error:
        # The preview may be asked again, another way.
        ImportRun.objects.filter(pk=run.pk, state=RunState.APPLYING).update(
            state=RunState.READY, mode=RunMode.DRY, notice=str(error)
        )


def _settle(run: ImportRun, report: Report, resumed: bool) -> None:
    """Say that the import is done, in the transaction that does it."""
    if run.mode == RunMode.RUN:
        _check(run, report)
    elif resumed:
        report.warnings.append(
            _(
                "L’import a été interrompu, puis repris\u00a0: "
                "les lignes déjà écrites sont dites inchangées."
            )
        )
    done = ImportRun.objects.filter(pk=run.pk, state=RunState.APPLYING).update(
        state=RunState.DONE,
        ended_at=timezone.now(),
        counts=counts_of(report),
        report_name=import_files.keep_report(report),
        report_digest=digest_of(report),
    )
    if not done:
        raise CancelledError(_("cet import n’est plus à écrire."))


def _check(run: ImportRun, report: Report) -> None:
    if digest_of(report) != run.report_digest:
        raise StaleError(report)


def _differences(run: ImportRun, report: Report) -> str:
    """Say in what a new preview differs from the one that was shown."""
    now = counts_of(report)
    names = {
        "added": _("lieux ajoutés"),
        "updated": _("lieux modifiés"),
        "unchanged": _("lieux inchangés"),
        "rejected": _("lignes rejetées"),
        "proposed": _("valeurs proposées"),
        "gone": _("lieux disparus"),
    }
    told = [
        _("%(what)s\u00a0: %(before)s avant, %(after)s maintenant")
        % {"what": label, "before": run.counts.get(name, 0), "after": now[name]}
        for name, label in names.items()
        if run.counts.get(name, 0) != now[name]
    ]
    what = "\u00a0; ".join(told) or _("les nombres sont les mêmes, des valeurs diffèrent")
    return _(
        "Rien n’est écrit\u00a0: les données ont changé depuis l’aperçu (%(what)s). "
        "Voici le nouvel aperçu."
    ) % {"what": what}


def _show(run: ImportRun, report: Report, since: RunState, notice: str = "") -> None:
    """Keep a preview and wait for somebody's word, unless the import was given up meanwhile."""
    name = import_files.keep_report(report)
    vintage = run.vintage_on or report.vintage
    shown = ImportRun.objects.filter(pk=run.pk, state=since).update(
        state=RunState.READY,
        mode=RunMode.DRY,
        counts=counts_of(report),
        report_name=name,
        report_digest=digest_of(report),
        vintage_on=vintage,
        notice=notice,
    )
    import_files.forget(filter(None, [run.report_name if shown else name]))


def _fail(run: ImportRun, why: str) -> None:
    ImportRun.objects.filter(pk=run.pk, state__in=BUSY).update(
        state=RunState.FAILED, error=why, ended_at=timezone.now()
    )


def _request(run: ImportRun, mode: Mode) -> Request:
    """Return what to import; raise ImportRefusedError when a file is gone or is another."""
    try:
        same = import_files.digest_of(run.stored_names) == run.digest
    except FileNotFoundError:
        same = False
    if not same:
        raise ImportRefusedError(_("le fichier n’est plus là\u00a0: envoyez-le de nouveau."))
    paths = tuple(import_files.path_of(name) for name in run.stored_names)
    return Request(run.source, paths, mode, run.mapping, run.vintage_on, run.is_partial)


def _progress(run: ImportRun, look: Callable[[], None] = lambda: None) -> Callable[[int], None]:
    """Return what tells how many rows were gone through, not too often."""
    rows, said = 0, 0.0

    def tell(count: int) -> None:
        nonlocal rows, said
        rows += count
        if time.monotonic() - said >= SAID_EVERY:
            said = time.monotonic()
            import_files.say_progress(run.pk, rows)
            look()

    import_files.say_progress(run.pk, 0)
    return tell


def _go_on(run: ImportRun) -> None:
    if not ImportRun.objects.filter(pk=run.pk, state=RunState.READING).exists():
        raise CancelledError(_("import annulé."))
