"""Pieces shared by the models."""

from django.db import models


class TimeStamped(models.Model):
    """Knows when it was created and last changed (UTC)."""

    created_at = models.DateTimeField("créé le", auto_now_add=True)
    updated_at = models.DateTimeField("modifié le", auto_now=True)

    class Meta:
        abstract = True


def in_range(field: str, low: float, high: float) -> models.Q:
    """Return the condition "`field` is null or between `low` and `high`", for check constraints."""
    return models.Q(**{f"{field}__isnull": True}) | models.Q(**{f"{field}__range": (low, high)})


def both_or_none(first: str, second: str) -> models.Q:
    """Return the condition that two nullable fields are both set or both null."""
    return models.Q(**{f"{first}__isnull": True, f"{second}__isnull": True}) | models.Q(
        **{f"{first}__isnull": False, f"{second}__isnull": False}
    )


def is_web_address(field: str) -> models.Q:
    """Return the condition that a text is empty or an address that a browser may open safely."""
    return models.Q(**{f"{field}__regex": r"^(https?://|$)"})
