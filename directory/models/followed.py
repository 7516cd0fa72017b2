"""Records that go from draft to archive, and that somebody looks after."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from directory.models.territories import Department, Region


class Followed(models.Model):
    """Why and since when a record is in its state; who looks after it: a person or a team."""

    state_reason = models.CharField("raison de l’état", max_length=240, blank=True, editable=False)
    state_changed_at = models.DateTimeField(
        "dans cet état depuis le", null=True, blank=True, editable=False
    )
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name="confié à",
        related_name="+",
        null=True,
        blank=True,
        editable=False,
    )
    assigned_region = models.ForeignKey(
        Region,
        models.SET_NULL,
        verbose_name="confié à l’équipe de la région",
        related_name="+",
        null=True,
        blank=True,
        editable=False,
    )
    assigned_department = models.ForeignKey(
        Department,
        models.SET_NULL,
        verbose_name="confié à l’équipe du département",
        related_name="+",
        null=True,
        blank=True,
        editable=False,
    )

    class Meta:
        abstract = True


def assigned_once(model: str) -> models.CheckConstraint:
    """Return the constraint that a record is not confided to two at once."""
    person, region, department = (
        Q(**{f"assigned_{name}__isnull": True}) for name in ("to", "region", "department")
    )
    return models.CheckConstraint(
        name=f"{model}_assigned_once",
        condition=(region & department) | (person & department) | (person & region),
    )
