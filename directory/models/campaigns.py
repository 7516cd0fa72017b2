"""E-mails that ask places to confirm or correct their record, and what became of each.

No address is stored: the place holds its own; here is only its SHA-256, to know it again.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q

from directory.models.places import Place
from directory.models.territories import Department, Region

TEXT_MAX = 1000
"""Characters of a campaign's own words."""


class CampaignState(models.TextChoices):
    """What is being done of a campaign."""

    DRAFT = "draft", "Brouillon"
    PREVIEWED = "previewed", "Prête à partir"
    SENDING = "sending", "En cours d’envoi"
    PAUSED = "paused", "En pause"
    DONE = "done", "Envoyée"


class Gap(models.TextChoices):
    """What a record must miss to be asked about."""

    NONE = "", "Toutes les fiches"
    HOURS = "hours", "Sans horaires"
    PHONE = "phone", "Sans téléphone"
    NEEDS = "needs", "Sans démarche de santé déclarée"


class RequestState(models.TextChoices):
    """What became of one e-mail."""

    QUEUED = "queued", "En attente"
    SENDING = "sending", "En cours d’envoi"
    SENT = "sent", "Envoyé"
    UNSURE = "unsure", "Peut-être parti"
    SKIPPED = "skipped", "Écarté"
    BOUNCED = "bounced", "Adresse en panne"
    REFUSED = "refused", "Ne veut plus de message"
    OPENED = "opened", "Correction commencée"
    CONFIRMED = "confirmed", "Confirmé"
    CORRECTED = "corrected", "Corrigé"
    EXPIRED = "expired", "Sans réponse"


class Campaign(models.Model):
    """Which places are asked, in which words. Without a territory: the whole country.

    `months`: those that nobody checked for that long; 0: whenever they were checked.
    """

    name = models.CharField("nom", max_length=120, help_text="Pour l’équipe seulement.")
    region = models.ForeignKey(
        Region, models.PROTECT, verbose_name="région", related_name="+", null=True, blank=True
    )
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        verbose_name="département",
        related_name="+",
        null=True,
        blank=True,
        help_text="Une région ou un département. Aucun des deux\u00a0: toute la France.",
    )
    months = models.PositiveSmallIntegerField(
        "pas vérifié depuis (mois)", default=12, help_text="0\u00a0: quelle que soit la date."
    )
    gap = models.CharField("ce qui manque", max_length=8, choices=Gap, blank=True)
    text = models.TextField(
        "votre mot",
        max_length=TEXT_MAX,
        blank=True,
        help_text="Placé au début du message. Facultatif.",
    )
    state = models.CharField(
        "état", max_length=10, choices=CampaignState, default=CampaignState.DRAFT, editable=False
    )
    trouble = models.CharField("ce qui gêne l’envoi", max_length=240, blank=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name="préparée par",
        related_name="+",
        null=True,
        editable=False,
    )
    created_at = models.DateTimeField("préparée le", auto_now_add=True)
    launched_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name="lancée par",
        related_name="+",
        null=True,
        editable=False,
    )
    launched_at = models.DateTimeField("lancée le", null=True, editable=False)
    done_at = models.DateTimeField("terminée le", null=True, editable=False)

    class Meta:
        verbose_name = "campagne de courriels"
        verbose_name_plural = "campagnes de courriels"
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(
                name="campaign_one_territory",
                condition=Q(region=None) | Q(department=None),
                violation_error_message=(
                    "Choisissez une région ou un département, pas les deux\u00a0: videz l’un."
                ),
            ),
            models.CheckConstraint(
                name="campaign_known_state", condition=Q(state__in=CampaignState.values)
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def where(self) -> str:
        """The territory, in words."""
        return str(self.region or self.department or "France")

    @property
    def is_prepared(self) -> bool:
        """Whether nothing of it has left yet."""
        return self.state in {CampaignState.DRAFT, CampaignState.PREVIEWED}


class ConfirmationRequest(models.Model):
    """What one place is asked. `token_hash` and `address_hash` are SHA-256.

    Places that share an address are asked by one e-mail: `sent_with` is the row that carries it.

    `tried_at` is written, and committed, before the server is spoken to: it counts for the pace
    and for the months between two e-mails. While SENDING, the row belongs to one sender until
    `leased_until`.
    """

    campaign = models.ForeignKey(
        Campaign, models.CASCADE, verbose_name="campagne", related_name="requests"
    )
    place = models.ForeignKey(
        Place, models.CASCADE, verbose_name="lieu", related_name="confirmation_requests"
    )
    state = models.CharField(
        "état", max_length=10, choices=RequestState, default=RequestState.QUEUED
    )
    reason = models.CharField("raison", max_length=240, blank=True)
    address_hash = models.CharField(max_length=64, blank=True, editable=False)
    domain = models.CharField("domaine", max_length=253, blank=True)
    token_hash = models.CharField(max_length=64, unique=True, null=True, blank=True, editable=False)
    message_id = models.CharField(
        max_length=120, unique=True, null=True, blank=True, editable=False
    )
    sent_with = models.ForeignKey(
        "self",
        models.SET_NULL,
        verbose_name="dans le même courriel que",
        related_name="companions",
        null=True,
        blank=True,
        editable=False,
    )
    tries = models.PositiveSmallIntegerField("essais", default=0)
    not_before = models.DateTimeField("pas avant", null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True, editable=False)
    tried_at = models.DateTimeField("tenté le", null=True, blank=True)
    sent_at = models.DateTimeField("envoyé le", null=True, blank=True)
    is_renewal = models.BooleanField("lien redemandé par le lieu", default=False)
    answered_at = models.DateTimeField("répondu le", null=True, blank=True)

    class Meta:
        verbose_name = "demande à un lieu"
        verbose_name_plural = "demandes aux lieux"
        ordering = ("campaign", "pk")
        indexes = (
            models.Index(fields=["state", "campaign"], name="request_queue_idx"),
            models.Index(fields=["tried_at"], name="request_tried_idx"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["campaign", "place"],
                name="request_once_per_campaign",
                condition=Q(is_renewal=False),
            ),
            models.CheckConstraint(
                name="request_known_state", condition=Q(state__in=RequestState.values)
            ),
            models.CheckConstraint(
                name="request_sending_has_lease",
                condition=~Q(state=RequestState.SENDING) | Q(leased_until__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.place_id} ({self.get_state_display()})"


class RefusalReason(models.TextChoices):
    """Why an address is not written to any more."""

    ASKED = "asked", "Demandé par le lieu"
    DEAD = "dead", "Adresse en panne"


class MailRefusal(models.Model):
    """That an address is not to be written to any more for a place."""

    place = models.ForeignKey(
        Place, models.CASCADE, verbose_name="lieu", related_name="mail_refusals"
    )
    address_hash = models.CharField("empreinte de l’adresse", max_length=64)
    reason = models.CharField("raison", max_length=6, choices=RefusalReason)
    at = models.DateTimeField("depuis le", auto_now_add=True)

    class Meta:
        verbose_name = "adresse à laisser"
        verbose_name_plural = "adresses à laisser"
        ordering = ("-pk",)
        indexes = (models.Index(fields=["address_hash"], name="mailrefusal_address_idx"),)
        constraints = (
            models.UniqueConstraint(
                fields=["place", "address_hash"], name="mailrefusal_once_per_address"
            ),
        )

    def __str__(self) -> str:
        return f"{self.place_id} ({self.get_reason_display()})"
