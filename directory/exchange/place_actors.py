"""The actors that run places: found by slug, or created."""

from directory.exchange.drafts import OperatorDraft
from directory.models import Actor, Department, Source
from directory.models.revisions import silent
from directory.vocabularies.names import State


def operator(draft: OperatorDraft | None, source: Source, known: dict[str, Actor]) -> Actor | None:
    """Return the actor of a draft: the known one of its slug, never rewritten, or a new one."""
    if draft is None:
        return None
    if draft.slug not in known:
        made = Actor.objects.create(
            slug=draft.slug,
            name=draft.name,
            category=draft.category,
            level=draft.level,
            source=source,
            state=State.PUBLISHED,
        )
        with silent():
            made.departments.set(Department.objects.filter(pk=draft.department))
            made.member_of.set(known[s] for s in draft.networks if s in known)
        known[draft.slug] = made
    return known[draft.slug]
