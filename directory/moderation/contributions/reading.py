"""What a moderator compares: a place as the visitor saw it, the proposal, the place now."""

import difflib
import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from directory.models import Contribution
from directory.moderation.contributions import fields

Marked = list[tuple[str, bool]]
"""Pieces of a text, and whether they are on this side alone."""


@dataclass(frozen=True)
class Line:
    """One field. `before` and `after` are marked where they differ; `now` is told when stale."""

    name: str
    label: str
    before: Marked
    after: Marked
    now: str
    words: str
    is_stale: bool
    is_done: bool
    was_accepted: bool
    value: str


def lines(contribution: Contribution) -> list[Line]:
    """Return the fields of a contribution, in the order of forms."""
    present = fields.current(contribution.place)
    return [
        _line(contribution, name, contribution.changes[name], present.get(name))
        for name in fields.LABELS
        if name in contribution.changes
    ]


def seen(contribution: Contribution) -> str:
    """Return a digest of the place's present values: it changes when somebody writes them."""
    present = fields.current(contribution.place)
    told = {name: present.get(name) for name in sorted(contribution.changes)}
    state = contribution.place.state if contribution.place else ""
    text = json.dumps([told, state, contribution.status], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def marked(before: str, after: str) -> tuple[Marked, Marked]:
    """Return both texts, cut where they differ, word by word."""
    old, new = (re.findall(r"\S+\s*|\s+", text) for text in (before, after))
    left: Marked = []
    right: Marked = []
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        differs = tag != "equal"
        if start < end:
            left.append(("".join(old[start:end]), differs))
        if new_start < new_end:
            right.append(("".join(new[new_start:new_end]), differs))
    return left, right


def _line(contribution: Contribution, name: str, change: dict[str, Any], now: Any) -> Line:
    before, after, words = change.get("before"), change.get("after"), change.get("words", "")
    is_stale = contribution.place is not None and now != before
    left, right = marked(_text(name, before), words or _text(name, after))
    return Line(
        name=name,
        label=str(fields.LABELS[name]),
        before=left,
        after=right,
        now=_text(name, now) if is_stale else "",
        words=words,
        is_stale=is_stale,
        is_done=contribution.place is not None and not words and now == after,
        was_accepted=name in contribution.accepted,
        value=after if isinstance(after, str) else "",
    )


def _text(name: str, value: Any) -> str:
    told: Sequence[str] = fields.shown(name, value)
    return "\n".join(told)
