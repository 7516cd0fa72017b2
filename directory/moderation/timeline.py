"""The history of a place or of an actor, and of all that hangs on it, for a page to show.

One entry by revision, the newest first; in it, one event by record, one line by field. The number
of queries depends on the kinds of things that changed, never on how many changes there are.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from directory.models import Actor, Closure, Place, Revision, Stop
from directory.models.history_rows import TRACKED, history_of
from directory.moderation import reverting
from directory.moderation.values import Names, said
from directory.vocabularies.names import Origin

PAGE_SIZE = 20
"""Revisions a page."""


@dataclass(frozen=True)
class Line:
    """One field: its label, what it was and what it is, as people read them."""

    label: str
    before: str
    after: str


@dataclass
class Event:
    """What happened to one record. `title` is empty for the page's own record."""

    model: str
    key: int
    kind: str
    title: str
    lines: list[Line]
    may_revert: bool
    in_part: bool
    """Whether services or stops would stay as an import left them."""


@dataclass
class Entry:
    """One revision: when, who, why, what."""

    revision: Revision
    who: str
    why: str
    events: list[Event] = field(default_factory=list)


@dataclass(frozen=True)
class Page:
    """A page of history."""

    entries: list[Entry]
    number: int
    has_next: bool


def read(user: Any, owner: Place | Actor, number: int = 1) -> Page:
    """Return a page of the history of a place or of an actor, numbered from 1."""
    # What an actor does at places is told on their pages: they may be of elsewhere.
    of_place = isinstance(owner, Place)
    mine = {"place_key": owner.pk} if of_place else {"actor_key": owner.pk, "place_key": None}
    others_own = {Actor} if of_place else {Place, Closure, Stop}
    models = [model for model in TRACKED if model not in others_own]
    first, *others = (
        history_of(model).objects.filter(**mine).order_by().values_list("revision_id")
        for model in models
    )
    start = (number - 1) * PAGE_SIZE
    keys = [
        row[0]
        for row in first.union(*others).order_by("-revision_id")[start : start + PAGE_SIZE + 1]
    ]
    shown = keys[:PAGE_SIZE]
    revisions = Revision.objects.select_related("user", "source").in_bulk(shown)
    rows = defaultdict(list)
    names = Names(user)
    for model in models:
        found = history_of(model).objects.filter(**mine, revision__in=shown)
        for row in found.order_by("history_id"):
            rows[row.revision_id].append(row)
            names.want(row)
    names.read()
    entries = [Entry(revisions[key], who(revisions[key]), revisions[key].reason) for key in shown]
    for entry in entries:
        entry.events = [_event(user, owner, row, names) for row in rows[entry.revision.pk]]
    return Page(entries, number, len(keys) > PAGE_SIZE)


def who(revision: Revision) -> str:
    """Return who made a change, in words."""
    if revision.origin == Origin.IMPORT:
        source = revision.source.name if revision.source else _("document fondateur")
        return _("import\u00a0: %(source)s") % {"source": source}
    account = revision.user.get_username() if revision.user else ""
    told = {
        Origin.CONTRIBUTION: _("un contributeur"),
        Origin.CAMPAIGN: _("le lieu lui-même"),
        Origin.MERGE: _("fusion de doublons"),
        Origin.SITE: _("le site"),
    }.get(Origin(revision.origin), "")
    if told and account:
        return _("%(who)s, accepté par %(account)s") % {"who": told, "account": account}
    return told or account or _("un compte fermé")


def _event(user: Any, owner: Place | Actor, row: Any, names: Names) -> Event:
    model = row.instance_type
    own = model is type(owner)
    title = (
        ""
        if own
        else f"{str(model._meta.verbose_name).capitalize()} «\u00a0{names.title(row)}\u00a0»"
    )
    return Event(
        model=model._meta.model_name,
        key=row.history_id,
        kind=row.history_type,
        title=title,
        lines=list(_lines(model, row, names)),
        may_revert=reverting.may(user, row, owner)
        and not (row.history_type == "+" and own)
        and (row.history_type != "~" or bool(reverting.returning(row))),
        in_part=len(reverting.returning(row)) < len(row.changes),
    )


def _lines(model: Any, row: Any, names: Names) -> Iterator[Line]:
    for name, pair in row.changes.items():
        label, before, after = said(model, name, pair, names)
        yield Line(label, before, after)


def shows(owner: Place | Actor, kind: str, key: int) -> bool:
    """Tell whether a row of history is on the page of this place or actor."""
    model = reverting.BY_NAME.get(kind)
    if model is None:
        return False
    of_place = isinstance(owner, Place)
    mine = {"place_key": owner.pk} if of_place else {"actor_key": owner.pk, "place_key": None}
    found: bool = history_of(model).objects.filter(**mine, history_id=key).exists()
    return found
