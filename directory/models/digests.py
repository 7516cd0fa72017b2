"""Who wants the weekly e-mail of what waits, and when it last left."""

from django.conf import settings
from django.db import models


class Digest(models.Model):
    """The weekly e-mail of one account. A row comes with the first one; no row is a yes."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name="compte", related_name="digest"
    )
    is_wanted = models.BooleanField("reçoit le courriel de la semaine", default=True)
    week = models.CharField("dernière semaine envoyée", max_length=8, blank=True, editable=False)
    claimed_at = models.DateTimeField("envoi commencé le", null=True, editable=False)

    class Meta:
        verbose_name = "courriel de la semaine"
        verbose_name_plural = "courriels de la semaine"
        ordering = ("user", "pk")

    def __str__(self) -> str:
        return f"{self.user} {self.week}".strip()
