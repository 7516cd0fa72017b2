"""Who is writing, why, and from what: the header that rows of history share.

    with recording(Origin.IMPORT, source=source):
        …every change written here is one revision of that source

A request is a recording of its own: a saved form is one revision, whatever the records it touches.
Elsewhere each write is a revision.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models import Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from directory.models.sources import Source
from directory.vocabularies.names import BulkAction, Origin

REASON_MAX = 240
"""Characters of a reason."""


class Revision(models.Model):
    """Changes written together: by one form, one bulk action, one import.

    `details` is what a bulk action needs to be undone beside the rows of history.
    """

    at = models.DateTimeField("le", default=timezone.now)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name="par",
        related_name="+",
        null=True,
        blank=True,
    )
    origin = models.CharField("origine", max_length=12, choices=Origin)
    source = models.ForeignKey(
        Source,
        models.SET_NULL,
        verbose_name="source",
        related_name="+",
        null=True,
        blank=True,
    )
    reason = models.CharField("raison", max_length=REASON_MAX, blank=True)
    action = models.CharField("action groupée", max_length=12, choices=BulkAction, blank=True)
    target = models.CharField("sur quoi", max_length=20, blank=True)
    count = models.PositiveIntegerField("fiches", default=0)
    details = models.JSONField("détails", default=dict, blank=True, encoder=DjangoJSONEncoder)
    undone_by = models.OneToOneField(
        "self",
        models.SET_NULL,
        verbose_name="annulée par",
        related_name="undoes",
        null=True,
        blank=True,
    )

    class Meta:
        verbose_name = "modification"
        ordering = ("-pk",)
        indexes = (
            models.Index(fields=["at"], name="revision_at_idx"),
            models.Index(
                fields=["user", "-id"], condition=~Q(action=""), name="revision_action_idx"
            ),
        )
        constraints = (
            models.CheckConstraint(
                name="revision_known_origin", condition=Q(origin__in=Origin.values)
            ),
            models.CheckConstraint(
                name="revision_known_action", condition=Q(action__in=["", *BulkAction.values])
            ),
            models.CheckConstraint(
                name="revision_import_alone_has_a_source",
                condition=Q(origin=Origin.IMPORT) | Q(source=None),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_action_display() or self.get_origin_display()} n° {self.pk}"


@dataclass
class Recording:
    """What the next writes have in common. `rows` are those of history already written in it."""

    origin: str = ""
    source: Source | None = None
    user: Any = None
    reason: str = ""
    action: str = ""
    revision: Revision | None = None
    rows: dict[Any, Any] = field(default_factory=dict)
    created: set[Any] = field(default_factory=set)
    """Records that this import created: their first values leave no row."""
    blocks: tuple[Any, ...] = ()

    def begin(self, using: str = DEFAULT_DB_ALIAS) -> Revision:
        """Return the revision under way, written at the first change.

        A revision written in a transaction that is over may have been undone with it: another
        takes its place.
        """
        blocks = tuple(connections[using].atomic_blocks)
        if self.revision is None or blocks[: len(self.blocks)] != self.blocks:
            user = _known(self.user)
            origin = self.origin or (Origin.PERSON if user else Origin.SITE)
            self.revision = Revision.objects.using(using).create(
                user=user,
                origin=origin,
                source=self.source if origin == Origin.IMPORT else None,
                reason=self.reason[:REASON_MAX],
                action=self.action,
            )
            self.blocks, self.rows = blocks, {}
        return self.revision


_current: ContextVar[Recording | None] = ContextVar("recording", default=None)
_silent: ContextVar[bool] = ContextVar("silent", default=False)


@contextmanager
def recording(
    origin: str = "",
    *,
    source: Source | None = None,
    user: Any = None,
    reason: str = "",
    action: str = "",
) -> Iterator[Recording]:
    """Write what changes inside as one revision.

    Without `user`, who is signed in. A contribution or an answer of a place is credited to nobody:
    the person who accepts it is told as its user.
    """
    who = user if user is not None else _signed_in()
    token = _current.set(Recording(origin, source, who, reason, action))
    try:
        yield _current.get() or Recording()
    finally:
        _current.reset(token)


@contextmanager
def silent() -> Iterator[None]:
    """Write no history inside: for who writes it otherwise, or for what is no change."""
    token = _silent.set(True)
    try:
        yield
    finally:
        _silent.reset(token)


def is_silent() -> bool:
    """Tell whether history is left to the caller."""
    return _silent.get()


def current() -> Recording:
    """Return the recording under way: the caller's, the request's, or a new one."""
    if own := _current.get():
        return own
    request = getattr(HistoricalRecords.context, "request", None)
    if request is None:
        return Recording()
    kept = getattr(request, "_recording", None)
    if kept is None:
        kept = request._recording = Recording(user=_signed_in())
    return kept


def several(count: int, origin: str) -> list[Revision]:
    """Write as many revisions by who is signed in: for what is written together and told apart."""
    user = _known(_signed_in())
    return Revision.objects.bulk_create(
        Revision(user=user, origin=origin) for _number in range(count)
    )


def _known(user: Any) -> Any:
    return user if user is not None and user.is_authenticated else None


def _signed_in() -> Any:
    request = getattr(HistoricalRecords.context, "request", None)
    return getattr(request, "user", None)
