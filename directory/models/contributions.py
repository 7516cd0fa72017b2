"""What visitors tell us about a place. Nothing here identifies the person who wrote."""

from django.conf import settings
from django.db import models

from directory.models.places import Place
from directory.models.territories import Commune
from directory.vocabularies.names import ContributionKind, ContributionStatus

MESSAGE_MAX = 2000
"""Characters of a contribution's message."""


class Contribution(models.Model):
    """A proposed change and its moderation. No address, no name, no IP is kept.

    `changes` is {field: {"before", "after"}}, in the place's own values; "words" beside them holds
    hours as they were typed when nobody could read them. Without a place, it proposes one, in
    `commune`. `token_hash` is the SHA-256 of what its follow-up link holds.
    """

    place = models.ForeignKey(
        Place,
        models.CASCADE,
        verbose_name="lieu",
        related_name="contributions",
        null=True,
        blank=True,
    )
    commune = models.ForeignKey(
        Commune,
        models.PROTECT,
        verbose_name="commune du lieu proposé",
        related_name="+",
        null=True,
        blank=True,
    )
    kind = models.CharField("nature", max_length=12, choices=ContributionKind)
    message = models.TextField("message", max_length=MESSAGE_MAX, blank=True)
    changes = models.JSONField("valeurs proposées, par champ", default=dict, blank=True)
    status = models.CharField(
        "état",
        max_length=16,
        choices=ContributionStatus,
        default=ContributionStatus.PENDING,
    )
    token_hash = models.CharField(
        "empreinte du lien de suivi",
        max_length=64,
        unique=True,
        null=True,
        blank=True,
        editable=False,
    )
    created_at = models.DateTimeField("reçue le", auto_now_add=True)
    moderated_at = models.DateTimeField("traitée le", null=True, blank=True)
    moderated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name="traitée par",
        related_name="+",
        null=True,
        blank=True,
    )
    accepted = models.JSONField("champs acceptés", default=list, blank=True)
    public_answer = models.TextField("réponse publique", max_length=MESSAGE_MAX, blank=True)
    moderation_note = models.TextField("note de modération", blank=True)

    class Meta:
        verbose_name = "contribution"
        ordering = ("created_at", "pk")
        indexes = (
            models.Index(fields=["status", "created_at"], name="contribution_queue_idx"),
            models.Index(fields=["place", "kind", "created_at"], name="contribution_place_idx"),
        )
        constraints = (
            models.CheckConstraint(
                name="contribution_known_status",
                condition=models.Q(status__in=ContributionStatus.values),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.created_at:%d/%m/%Y})"

    @property
    def is_pending(self) -> bool:
        """Whether a moderator has still to decide."""
        return self.status == ContributionStatus.PENDING
