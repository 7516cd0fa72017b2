"""Writes the needs that a contributor says a place covers, and those that it does not."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from directory.models import Need, Place, Service, ServiceNeed
from directory.moderation import completeness
from directory.vocabularies.names import Basis, State


def write(place: Place, codes: Collection[str]) -> None:
    """Make a place cover these needs and no other; what it covered already stays as it was known.

    A new one goes to its first published service; a place without any is given one.
    """
    services = list(Service.objects.filter(place=place, state=State.PUBLISHED))
    covered = ServiceNeed.objects.filter(service__in=services)
    covered.exclude(need__code__in=codes).delete()
    known = set(covered.values_list("need__code", flat=True))
    added = Need.objects.filter(code__in=[code for code in codes if code not in known])
    if added and not services:
        name = _("Aide aux démarches de santé en ligne")
        services = [Service.objects.create(place=place, name=name, state=State.PUBLISHED)]
    ServiceNeed.objects.bulk_create(
        ServiceNeed(service=services[0], need=need, basis=Basis.DECLARED) for need in added
    )
    completeness.refresh([place.pk])
