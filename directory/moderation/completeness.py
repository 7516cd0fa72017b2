"""How complete a record is, out of 100: what moderators should ask for next.

The recipe is shown on /recherche/classement/. It does not rank places: a phone and hours do
(directory/search/ranking.py).

The score is kept in Place.completeness, so that the admin sorts by it. Whoever writes places one by
one has nothing to do (signals below); whoever writes them in bulk, or services silently (see
models/revisions.py), calls `refresh` with their keys.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, Value, When
from django.db.models.signals import post_delete, post_save, pre_save
from django.dispatch import receiver
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from directory.models import Place, Service, ServiceNeed
from directory.models.revisions import is_silent
from directory.vocabularies.names import Appointment, Basis, PositionPrecision, State

FULL = 100


@dataclass(frozen=True)
class Part:
    """What a record may tell: `points` when it does, `condition` says so in SQL."""

    code: str
    points: int
    label: str | Promise
    condition: Q | None = None


NEEDS = "needs"
PARTS = (
    Part("phone", 25, _("un téléphone"), ~Q(phone="") | ~Q(booking_phone="")),
    Part("hours", 25, _("des horaires"), ~Q(opening_hours="")),
    Part(NEEDS, 20, _("les démarches de santé, dites par le lieu lui-même")),
    Part(
        "address",
        10,
        _("une adresse précise, avec la rue"),
        ~Q(address="") & Q(position_precision=PositionPrecision.ADDRESS),
    ),
    Part("online", 10, _("un courriel ou un site"), ~Q(emails=[]) | ~Q(websites=[])),
    Part(
        "appointment",
        10,
        _("avec ou sans rendez-vous"),
        ~Q(appointment=Appointment.UNKNOWN) | ~Q(booking_url=""),
    ),
)
"""The recipe: the points add up to FULL."""


def told(place: Place, has_declared_need: bool) -> dict[str, bool]:
    """Return whether a place tells each part, by code. No query."""
    return {
        "phone": bool(place.phone or place.booking_phone),
        "hours": bool(place.opening_hours),
        NEEDS: has_declared_need,
        "address": bool(place.address) and place.position_precision == PositionPrecision.ADDRESS,
        "online": bool(place.emails or place.websites),
        "appointment": bool(place.appointment or place.booking_url),
    }


def score(parts: dict[str, bool]) -> int:
    """Return the points, 0 to FULL, of a record that tells these parts."""
    return sum(part.points for part in PARTS if parts[part.code])


def has_declared_need(place: Place) -> bool:
    """Tell whether a published service of the place declares a health need. One query."""
    return _declared(ServiceNeed).filter(service__place=place.pk).exists()


def missing(place: Place) -> list[Part]:
    """Return what a place does not tell, the heaviest first. One query."""
    parts = told(place, has_declared_need(place))
    return [part for part in PARTS if not parts[part.code]]


def refresh(
    keys: Collection[int] | None, place_model: Any = Place, need_model: Any = ServiceNeed
) -> int:
    """Count again the places of these keys, all of them for None; return how many had changed.

    One query. A place whose score stays is not written: the change log does not hear of it.
    """
    declared = Exists(_declared(need_model).filter(service__place=OuterRef("pk")))
    counted = sum(
        (
            Case(
                When(Q(declared) if part.condition is None else part.condition, then=part.points),
                default=0,
                output_field=IntegerField(),
            )
            for part in PARTS
        ),
        start=Value(0),
    )
    rows = place_model.objects.order_by()
    if keys is not None:
        rows = rows.filter(pk__in=keys)
    stale = rows.annotate(counted=counted).exclude(
        completeness__isnull=False, completeness=F("counted")
    )
    changed: int = place_model.objects.filter(pk__in=stale.values("pk")).update(
        completeness=counted
    )
    return changed


def _declared(model: Any) -> Any:
    return model.objects.order_by().filter(basis=Basis.DECLARED, service__state=State.PUBLISHED)


def _writes_score(update_fields: Collection[str] | None) -> bool:
    return update_fields is None or "completeness" in update_fields


@receiver(pre_save, sender=Place, dispatch_uid="completeness.place")
def _place_to_save(
    instance: Place, raw: bool = False, update_fields: Any = None, **kwargs: Any
) -> None:
    # Written with the rest: the change log hears of one write.
    if not raw and _writes_score(update_fields):
        declares = instance.pk is not None and has_declared_need(instance)
        instance.completeness = score(told(instance, declares))


@receiver(post_save, sender=Place, dispatch_uid="completeness.part_of_place")
def _place_saved(
    instance: Place, raw: bool = False, update_fields: Any = None, **kwargs: Any
) -> None:
    if not raw and not _writes_score(update_fields):
        refresh([instance.pk])


@receiver([post_save, post_delete], sender=Service, dispatch_uid="completeness.service")
def _service_written(
    instance: Service, raw: bool = False, created: bool = False, **kwargs: Any
) -> None:
    # A new service has no need yet: the score stays.
    if not raw and not created and instance.place_id and not is_silent():
        refresh([instance.place_id])


@receiver([post_save, post_delete], sender=ServiceNeed, dispatch_uid="completeness.need")
def _need_written(
    instance: ServiceNeed, raw: bool = False, created: bool = False, **kwargs: Any
) -> None:
    if raw or is_silent() or (created and instance.basis != Basis.DECLARED):
        return
    place = Service.objects.filter(pk=instance.service_id).values_list("place_id", flat=True)
    refresh([key for key in place if key])
