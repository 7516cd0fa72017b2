"""The search index of this process, kept in step with the database by the change log.

`live` is the process's own. A server builds it once before it forks (`preload`), then each worker
starts its threads (`start`): one reads the log every second and applies what changed, another
builds anew when too much did, meanwhile the first goes on. Readers take `current()`, which waits
for neither: an index is replaced whole, by one assignment. Without a server (commands, tests) the
first `current()` builds, and `refresh()` catches up.
"""

import logging
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.db import Error as AnyDatabaseError
from django.db import connection
from django.utils import timezone

from directory.models.changes import KEEP, PRUNE_CHUNK, Change
from directory.search.follower import Memory
from directory.search.index import SearchIndex, build
from directory.search.live_state import SLICE_SECONDS, Follower, State, slice_number

POLL_SECONDS = 1.0
"""Between two readings of the log's head: an edit is seen everywhere within two seconds."""

RETRY_MAX_SECONDS = 10.0
"""Longest wait between two attempts while the database does not answer."""

REBUILD_RETRY = timedelta(seconds=10)
"""Wait before building again when building failed."""

APPLY_MAX = 500
"""Changed places beyond which building anew, in the background, serves better."""

REBUILD_EVERY = timedelta(days=1)
"""Building anew catches what no trigger sees, and weeks whose hours differ."""

PRUNE_EVERY = timedelta(hours=1)

STOP_SECONDS = 5.0
"""How long `stop` waits for the threads to close their connections."""

__all__ = ["SLICE_SECONDS", "LiveIndex", "State", "live"]

logger = logging.getLogger(__name__)


class LiveIndex:
    """Holds the index of one process. Every method may be called from any thread."""

    def __init__(
        self,
        build: Callable[[], SearchIndex] = build,
        follower: Follower | None = None,
    ) -> None:
        self._build, self._follower = build, follower or Follower()
        self._renew_threads()
        self.clear()

    def clear(self) -> None:
        """Stop and forget everything: the next `current()` builds. For tests."""
        self.stop()
        self._follower.stop()
        self._state: State | None = None
        self._built: State | None = None
        self._swaps = 0
        self._pending = 0
        self._must_build = False
        self._build_after = datetime.min.replace(tzinfo=timezone.get_default_timezone())
        self._prune_after = self._build_after
        self._error: tuple[str, datetime] | None = None
        self._is_failing = False

    def _renew_threads(self) -> None:
        self._pid = os.getpid()
        self._turn = threading.Lock()
        self._stopping = threading.Event()
        self._wake = threading.Event()
        self._watcher: threading.Thread | None = None
        self._builder: threading.Thread | None = None

    # --- What readers call ------------------------------------------------------------------------

    def current(self) -> SearchIndex | None:
        """Return the last good index, at once. None: a server started and has built none yet.

        Without a server, builds the first time; raises django.db.Error when that fails.
        """
        state = self._state
        if state is None and self._watcher is None:
            self.refresh()
            state = self._state
        return state.index if state else None

    @property
    def is_following(self) -> bool:
        """Whether threads of this process follow the change log."""
        watcher = self._watcher
        return watcher is not None and watcher.is_alive() and self._pid == os.getpid()

    @property
    def version(self) -> int | None:
        """How far the index has read the change log, alike in all workers; None before a build."""
        state = self._state
        return state.position.version if state else None

    @property
    def swaps(self) -> int:
        """How many times the index was replaced: what a cache in this process may be keyed by."""
        return self._swaps

    def status(self) -> dict[str, Any]:
        """Tell a supervisor, without asking the database.

        `version` is the greatest row of the log read, alike in all workers when all is well;
        `age_seconds` the time since the index was last known to be in step (two at most).
        """
        state, builder, error = self._state, self._builder, self._error
        told: dict[str, Any] = {
            "ready": state is not None,
            "running": self.is_following,
            "building": builder is not None and builder.is_alive(),
            "swaps": self._swaps,
            "changes_pending": self._pending,
            "places_kept": self._follower.kept_count,
            "last_error": error[0] if error else None,
            "last_error_at": error[1].isoformat(timespec="seconds") if error else None,
        }
        if state is None:
            return told
        age = timezone.now() - state.in_step_at
        return told | {
            "version": state.position.version,
            "places": state.index.count,
            "age_seconds": round(age.total_seconds(), 1),
            "size_bytes": state.index.size_bytes,
            "built_at": state.index.built_at.isoformat(timespec="seconds"),
            "build_seconds": round(state.index.build_seconds, 3),
        }

    # --- What servers and commands call -----------------------------------------------------------

    def preload(self) -> None:
        """Build and read places before the server forks; without a database, log it and go on."""
        try:
            self._follower.start()
            self.refresh()
            self._follower.fill()
        except AnyDatabaseError as error:
            self._note(error)

    def refresh(self) -> None:
        """Catch up with the database now, building if need be; raises django.db.Error."""
        with self._turn:
            self._step(self._build_now)
            if self._must_build:
                self._step(self._build_now)

    def start(self) -> None:
        """Start following the log, once per process; keep the index inherited by a fork."""
        if self.is_following:
            return
        if self._pid != os.getpid():
            # Locks are copied by a fork as they were, held by threads that are no more.
            self._renew_threads()
        with self._turn:
            if not self.is_following:
                self._stopping.clear()
                self._follower.start()
                self._watcher = threading.Thread(target=self._watch, daemon=True)
                self._watcher.start()

    def stop(self) -> None:
        """Stop following; the index stays. A build that goes on is left to end by itself."""
        self._stopping.set()
        self._wake.set()
        for thread in (self._watcher, self._builder):
            if thread is not None:
                thread.join(STOP_SECONDS)
        self._watcher = None

    # --- The threads ------------------------------------------------------------------------------

    def _watch(self) -> None:
        wait = POLL_SECONDS
        try:
            while not self._stopping.is_set():
                try:
                    with self._turn:
                        self._step(self._build_aside)
                    self._follower.tick()
                    self._prune()
                    wait, self._is_failing = POLL_SECONDS, False
                except Exception as error:  # noqa: BLE001 (it must outlive any fault; `_note` logs)
                    self._note(error)
                    wait = min(wait * 2, RETRY_MAX_SECONDS)
                    with suppress(AnyDatabaseError):
                        connection.close()
                self._wake.wait(wait)
                self._wake.clear()
        finally:
            self._follower.stop()
            connection.close()

    def _build_aside(self) -> None:
        """Build in another thread, unless one does already or has just failed."""
        if self._builder is not None and self._builder.is_alive():
            return
        if self._built is None and timezone.now() >= self._build_after:
            self._builder = threading.Thread(target=self._build_in_thread, daemon=True)
            self._builder.start()

    def _build_in_thread(self) -> None:
        try:
            self._build_now()
            self._wake.set()
            self._follower.fill(lambda: self._stopping.is_set() or self._must_build)
        except Exception as error:  # noqa: BLE001 (kept in the status; `_note` logs)
            self._build_after = timezone.now() + REBUILD_RETRY
            self._note(error)
        finally:
            connection.close()
            self._wake.set()

    def _build_now(self) -> None:
        # What is committed while it reads is applied again: the position is taken before.
        position, now = Change.objects.position(), timezone.now()
        self._built = State(self._build(), position, now, slice_number(now))
        self._follower.rebuilt()

    def _step(self, build: Callable[[], None]) -> None:
        """Take what was built, catch up with the log, replace the index; `build` when needed."""
        now = timezone.now()
        if self._state:
            self._state = self._state.at(now)
        if self._must_build or self._state is None or now - self._state.in_step_at > KEEP / 2:
            self._must_build = True
            build()
        built = self._built
        state = built or self._state
        if state is None:
            return
        if built:
            self._must_build, self._pending = False, 0
        # Published once it has caught up: it must not bring back what an edit had removed.
        self._publish(self._catch_up(state, now))
        if built:
            self._built = None

    def _catch_up(self, state: State, now: datetime) -> State:
        changes = Change.objects.since(state.position)
        index, places = state.index, changes.places
        if places is None or len(places) > APPLY_MAX:
            self._must_build = True
            self._pending += len(places or ()) or APPLY_MAX
        elif places:
            try:
                self._follower.changed(places)
                index = index.apply(places)
            except AnyDatabaseError:
                raise
            except Exception:
                # A fault in one place's data must not keep all the others from being seen.
                self._must_build = True
                raise
        if index.needs_rebuild or now - index.built_at > REBUILD_EVERY:
            self._must_build = True
        if self._state is None or index is not self._state.index:
            index.advance(now)
        in_step_at = state.in_step_at if self._must_build else now
        return State(index, changes.position, in_step_at, slice_number(now))

    def _publish(self, state: State) -> None:
        former = self._state
        self._state = state
        if former is None or former.index is not state.index:
            self._swaps += 1

    def _prune(self) -> None:
        """Delete old rows a few at a time, between two readings of the log."""
        now = timezone.now()
        if now >= self._prune_after and Change.objects.prune() < PRUNE_CHUNK:
            self._prune_after = now + PRUNE_EVERY

    def _note(self, error: Exception) -> None:
        """Keep the error for the status, by its kind alone: its words may name the server."""
        if not self._is_failing:
            logger.warning("The search index keeps its last state.", exc_info=error)
        self._is_failing = True
        self._error = (type(error).__name__, timezone.now())


live = LiveIndex(follower=Memory())
