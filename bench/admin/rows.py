"""What 25,000 places have beside them: what waits, what was done, who may; all drawn.

The counts are those of a directory that a hundred moderators kept for a year.
"""

import random
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import Model
from django.utils import timezone

from bench.admin import rows_sent
from directory import models
from directory.models.history_rows import history_of
from directory.models.revisions import silent
from directory.vocabularies.duplicates import DuplicateStatus
from directory.vocabularies.names import (
    ActorCategory,
    BulkAction,
    ContributionKind,
    ContributionStatus,
    Level,
    Origin,
)

SEED = 20261122
CHUNK = 2_000
REGION, DEPARTMENT = "11", "59"
"""The peopled ones: their moderators have the longest lists."""
BIG_SERVICES, BIG_NEEDS, BIG_HISTORY, BIG_STOPS = 30, 8, 400, 40
"""What the biggest records have of each."""
COUNTS = {
    "actors": 3_000, "accounts": 300, "audit": 20_000, "revisions": 8_000, "history": 20_000,
    "contributions": 5_000, "pairs": 4_000, "redirects": 1_000, "closures": 3_000, "stops": 2_000,
    "provenances": 8_000, "services": 1_000, "log": 10_000,
}  # fmt: skip


def fill() -> None:
    """Write everything, unless it is there already."""
    if models.Closure.objects.count() >= COUNTS["closures"]:
        return
    with silent():
        _Rows().write()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def write(rows: Iterable[Model]) -> list[Any]:
    """Insert rows of one model; return them with their keys."""
    several = list(rows)
    return list(type(several[0])._base_manager.bulk_create(several, batch_size=CHUNK))


class _Rows:
    """One drawing of everything."""

    def __init__(self) -> None:
        self.rng = random.Random(SEED)
        self.places = list(models.Place.objects.order_by("pk").values_list("pk", flat=True))
        self.big = self.places[-1]
        self.communes = list(models.Commune.objects.exclude(population=None).order_by("pk"))
        self.needs = list(models.Need.objects.order_by("pk").values_list("pk", flat=True))
        self.sources = list(models.Source.objects.order_by("pk").values_list("pk", flat=True))

    def write(self) -> None:
        """Write each table after those that it names."""
        self._places()
        write(self._actors())
        self.users = write(self._accounts())
        self._roles()
        self.revisions = write(self._revisions())
        write(self._history())
        write(self._contributions())
        write(self._pairs())
        write(self._around_places())
        write(self._stops())
        write(self._provenances())
        self._services()
        write(self._log())
        rows_sent.fill(self.rng, self.places, self.users)

    def _places(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE directory_place SET source_id = %s, completeness = (id * 7919) %% 101,"
                " emails = CASE WHEN id %% 5 < 3 THEN jsonb_build_array("
                "'accueil@mairie-' || lower(commune_id) || '.example') ELSE '[]' END"
                " WHERE source_id IS NULL",
                [self.sources[0]],
            )
            cursor.execute(
                "UPDATE directory_place SET verified_on = date '2024-01-01' + (id %% 1000)::int"
                " WHERE id %% 3 = 0",
                [],
            )
            cursor.execute(
                "INSERT INTO directory_placesource (source_id, external_id, place_id,"
                " content_hash, collected_by, first_seen_on, missed_files, is_second, to_compare,"
                " service_ids)"
                " SELECT p.source_id, 'bench-' || p.id, p.id, '', '', now(), p.id %% 3, false,"
                " false, '[]'"
                " FROM directory_place p WHERE p.id NOT IN"
                " (SELECT place_id FROM directory_placesource)",
                [],
            )

    def _actors(self) -> Iterator[Model]:
        for number in range(COUNTS["actors"]):
            yield models.Actor(
                slug=f"bench-{number}",
                name=f"Association d’entraide {number}",
                category=self.rng.choice(ActorCategory.values),
                level=self.rng.choice([Level.LOCAL, Level.DEPARTMENTAL]),
                state="published",
                source_id=self.sources[0],
            )

    def _accounts(self) -> Iterator[Model]:
        for number in range(COUNTS["accounts"]):
            name = f"compte-{number}"
            yield User(username=name, email=f"{name}@annuaire.example")

    def _roles(self) -> None:
        departments = list(models.Department.objects.order_by("pk"))
        actors = list(models.Actor.objects.filter(slug__startswith="bench-").order_by("pk"))
        kinds = models.RoleKind
        links, roles, invited = [], [], []
        for number, user in enumerate(self.users):
            department = departments[number % len(departments)]
            where: dict[str, Any] = {"kind": kinds.DEPARTMENT, "department": department}
            if number % 3 == 0:
                where = {"kind": kinds.ACTOR, "actor": actors[number]}
            roles.append(models.Role(user=user, **where))
            invited.append(models.Invitation(email=user.email, sent_at=timezone.now(), **where))
        served: Any = models.Actor.departments.through
        for number, actor in enumerate(actors):
            code = departments[number % len(departments)].pk
            links.append(served(actor_id=actor.pk, department_id=code))
        write(roles)
        write(invited)
        write(links)
        write(models.Digest(user=user) for user in self.users)

    def _revisions(self) -> Iterator[Model]:
        for number in range(COUNTS["revisions"]):
            is_bulk = number % 40 == 0
            yield models.Revision(
                at=self._moment(),
                user=self.rng.choice(self.users),
                origin=Origin.PERSON,
                action=self.rng.choice(BulkAction.values) if is_bulk else "",
                target="place" if is_bulk else "",
                count=self.rng.randint(2, 400) if is_bulk else 0,
            )

    def _history(self) -> Iterator[Model]:
        model: Any = history_of(models.Place)
        keys = self.rng.choices(self.places, k=COUNTS["history"]) + [self.big] * BIG_HISTORY
        found = models.Place.objects.in_bulk(list(set(keys)))
        for key in keys:
            place, revision = found[key], self.rng.choice(self.revisions)
            changes = {"phone": ["", "+33199000000"], "opening_hours": ["", "Mo-Fr 09:00-12:00"]}
            yield model(
                history_date=revision.at,
                history_type="~",
                history_user_id=revision.user_id,
                revision=revision,
                place_key=key,
                changes=changes,
                **{one.attname: getattr(place, one.attname) for one in model.tracked_fields},
            )

    def _contributions(self) -> Iterator[Model]:
        hours = {"opening_hours": {"before": "", "after": "Mo-Fr 09:00-12:00"}}
        kinds = [kind for kind in ContributionKind.values if kind != ContributionKind.PROPOSAL]
        for number in range(COUNTS["contributions"]):
            waits = number % 2 == 0
            yield models.Contribution(
                place_id=self.rng.choice(self.places),
                kind=self.rng.choice(kinds),
                message="Fermé le mercredi. " * self.rng.randint(0, 40),
                changes=hours if number % 3 else {},
                status=ContributionStatus.PENDING if waits else ContributionStatus.ACCEPTED,
                moderated_by=None if waits else self.rng.choice(self.users),
            )

    def _pairs(self) -> Iterator[Model]:
        for number in range(COUNTS["pairs"]):
            first = self.places[number * 5]
            merged = number % 4 == 0
            yield models.DuplicateCandidate(
                first_id=first,
                second_id=None if merged else first + 1 + number % 3,
                score=self.rng.randint(50, 99),
                reasons=["same_name", "near", "other_phone"],
                status=DuplicateStatus.MERGED if merged else DuplicateStatus.WAITING,
                absorbed={"name": "Mairie", "number": number} if merged else {},
            )

    def _around_places(self) -> Iterator[Model]:
        write(
            models.PlaceRedirect(
                slug=f"ancien-{number}",
                number=10_000_000 + number,
                place_id=self.rng.choice(self.places),
            )
            for number in range(COUNTS["redirects"])
        )
        for number in range(COUNTS["closures"]):
            start = date(2026, 11, 1) + timedelta(days=number % 60)
            yield models.Closure(
                place_id=self.rng.choice(self.places),
                starts_on=start,
                ends_on=start + timedelta(days=14),
            )

    def _stops(self) -> Iterator[Model]:
        keys = self.rng.choices(self.places, k=COUNTS["stops"]) + [self.places[-2]] * BIG_STOPS
        for key in keys:
            commune = self.rng.choice(self.communes)
            yield models.Stop(place_id=key, commune=commune, opening_hours="Tu 14:00-16:00")

    def _provenances(self) -> Iterator[Model]:
        for key in self.rng.sample(self.places, COUNTS["provenances"]):
            proposed = key % 3 == 0
            yield models.FieldProvenance(
                place_id=key,
                field=self.rng.choice(["phone", "opening_hours", "websites", "address"]),
                source_id=self.rng.choice(self.sources) if proposed else None,
                is_locked=True,
                proposal="+33199000001" if proposed else None,
            )

    def _services(self) -> None:
        actors = list(models.Actor.objects.order_by("pk").values_list("pk", flat=True))
        away = [
            models.Service(name=f"Aide à domicile {n}", actor_id=self.rng.choice(actors))
            for n in range(COUNTS["services"])
        ]
        names = (f"Atelier n° {number}" for number in range(BIG_SERVICES))
        here = write(models.Service(name=name, place_id=self.big) for name in names)
        write(
            models.ServiceArea(service=one, commune=self.rng.choice(self.communes))
            for one in write(away)
        )
        write(
            models.ServiceNeed(service=one, need_id=need, basis="declared")
            for one in here
            for need in self.needs[:BIG_NEEDS]
        )

    def _log(self) -> Iterator[Model]:
        events = models.AuditEvent.values
        write(
            models.AuditEntry(user=self.rng.choice(self.users), event=self.rng.choice(events))
            for _number in range(COUNTS["audit"])
        )
        kind = ContentType.objects.get_for_model(models.Place)
        for _number in range(COUNTS["log"]):
            yield LogEntry(
                user=self.rng.choice(self.users),
                content_type=kind,
                object_id=str(self.rng.choice(self.places)),
                object_repr="Un lieu",
                action_flag=2,
                change_message="[]",
            )

    def _moment(self) -> datetime:
        return timezone.now() - timedelta(minutes=self.rng.randrange(500_000))
