"""One rule for each model: who may do what with its rows, and which rows an area holds.

A model without a rule is for national administrators alone.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Model

from directory import models
from directory.models.history_rows import TRACKED, history_of
from directory.moderation.policy import reach


class Action(StrEnum):
    """What may be done with rows."""

    VIEW = "view"
    ADD = "add"
    CHANGE = "change"
    DELETE = "delete"
    EXPORT = "export"
    IMPORT = "import"


ALL = frozenset(Action)
NOTHING: frozenset[Action] = frozenset()
READ = frozenset({Action.VIEW, Action.EXPORT})
WRITE = frozenset({Action.VIEW, Action.ADD, Action.CHANGE, Action.DELETE})
KEEP = WRITE | {Action.EXPORT}
"""Imports are the country's: a file may hold any territory."""


@dataclass(frozen=True)
class Rule:
    """What each kind of role may do. Without a reach, rows belong to no territory."""

    seen: reach.Reach | None = None
    kept: reach.Reach | None = None
    national: frozenset[Action] = ALL
    moderators: frozenset[Action] = NOTHING
    editors: frozenset[Action] = NOTHING
    observers: frozenset[Action] = NOTHING


def _within(
    seen: reach.Reach,
    kept: reach.Reach | None = None,
    moderators: frozenset[Action] = KEEP,
    editors: frozenset[Action] = NOTHING,
    national: frozenset[Action] = ALL,
) -> Rule:
    return Rule(seen, kept or seen, national, moderators, editors, READ)


NATIONAL_ONLY = Rule()
READ_BY_ALL = Rule(moderators=READ, editors=frozenset({Action.VIEW}), observers=READ)
LOG = Rule(national=READ)
"""Written by the site alone; nobody changes it."""

RULES: dict[type[Model], Rule] = {
    models.Place: _within(reach.places, editors=WRITE - {Action.DELETE}),
    models.Closure: _within(reach.of_place, editors=WRITE),
    models.Stop: _within(reach.of_place, editors=WRITE),
    # Visitors write them: who could write one here would also accept it.
    models.Contribution: _within(
        reach.contributions, moderators=KEEP - {Action.ADD}, national=ALL - {Action.ADD}
    ),
    models.FieldProvenance: _within(reach.of_place),
    models.PlaceSource: _within(reach.of_place, moderators=READ),
    models.PlaceRedirect: _within(reach.of_place, moderators=READ),
    models.DuplicateCandidate: _within(reach.pairs),
    models.Actor: _within(
        reach.actors_seen,
        reach.actors_kept,
        editors=frozenset({Action.VIEW, Action.CHANGE}),
    ),
    models.Service: _within(reach.services, editors=WRITE),
    models.ServiceNeed: _within(reach.of_service, editors=WRITE),
    models.ServiceTerm: _within(reach.of_service, editors=WRITE),
    models.ServiceArea: _within(reach.of_service, editors=WRITE),
    models.Region: READ_BY_ALL,
    models.Department: READ_BY_ALL,
    models.Commune: READ_BY_ALL,
    models.CommuneName: READ_BY_ALL,
    models.Postcode: READ_BY_ALL,
    models.Source: READ_BY_ALL,
    models.Term: READ_BY_ALL,
    models.Need: READ_BY_ALL,
    models.NeedMapping: READ_BY_ALL,
    models.NeedTranslation: READ_BY_ALL,
    models.Synonym: READ_BY_ALL,
    models.Helpline: READ_BY_ALL,
    models.ImportMapping: READ_BY_ALL,
    models.LoadedFixture: LOG,
    models.Change: LOG,
    models.Revision: LOG,
    # Read by the pages of history alone, which ask for the place or the actor.
    **{history_of(model): LOG for model in TRACKED},
    models.Campaign: _within(reach.campaigns),
    models.ConfirmationRequest: Rule(
        reach.of_place, reach.of_place, READ | {Action.DELETE}, READ, NOTHING, READ
    ),
    models.MailRefusal: Rule(
        reach.of_place, reach.of_place, READ | {Action.DELETE}, READ, NOTHING, READ
    ),
    models.ImportRun: Rule(national=ALL - {Action.DELETE}),
    models.Role: NATIONAL_ONLY,
    models.Invitation: NATIONAL_ONLY,
    models.AuditEntry: LOG,
    models.Digest: NATIONAL_ONLY,
}

SET_BY_MODERATORS: dict[type[Model], frozenset[str]] = {
    models.Place: frozenset(
        "slug operator principal networks source source_updated_on state terms "
        "verified_on verification_method".split()
    ),
    models.Actor: frozenset(
        "slug category level regions departments communes member_of source citation state".split()
    ),
    models.Service: frozenset({"actor", "source", "external_id", "citation", "state"}),
}
"""Fields that an organisation reads on its own records and does not change."""

SAID_WHEN_ADDING = frozenset({"slug", "operator", "actor"})


def rule_of(model: type[Model]) -> Rule:
    """Return the rule of a model."""
    return RULES.get(model._meta.concrete_model or model, NATIONAL_ONLY)
