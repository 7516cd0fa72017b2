"""Pairs of records that may be one place, and the addresses of places that were merged."""

from django.conf import settings
from django.db import models

from directory.models.places import Place
from directory.vocabularies.duplicates import DuplicateReason, DuplicateStatus


class DuplicateCandidate(models.Model):
    """Two places that look alike, and what was decided of them.

    A pair is written once, the smaller number first. Once merged, `first` is the place that was
    kept, `second` is nothing any more and `absorbed` says all that its record held. Without
    `decided_by`, a decided pair was merged by rule.
    """

    first = models.ForeignKey(Place, models.CASCADE, verbose_name="lieu", related_name="+")
    second = models.ForeignKey(
        Place, models.CASCADE, verbose_name="autre lieu", related_name="+", null=True, blank=True
    )
    score = models.PositiveSmallIntegerField("ressemblance (sur 100)")
    reasons = models.JSONField("raisons", default=list, blank=True)
    status = models.CharField(
        "état", max_length=10, choices=DuplicateStatus, default=DuplicateStatus.WAITING
    )
    found_at = models.DateTimeField("trouvé le", auto_now_add=True)
    decided_at = models.DateTimeField("décidé le", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name="décidé par",
        related_name="+",
        null=True,
        blank=True,
    )
    absorbed = models.JSONField("fiche absorbée", default=dict, blank=True)

    class Meta:
        verbose_name = "doublon possible"
        verbose_name_plural = "doublons possibles"
        ordering = ("-score", "pk")
        indexes = (models.Index(fields=["status", "-score"], name="duplicate_queue_idx"),)
        constraints = (
            models.UniqueConstraint(fields=["first", "second"], name="duplicate_once_per_pair"),
            models.CheckConstraint(
                name="duplicate_smaller_number_first",
                condition=models.Q(second__isnull=True) | models.Q(first__lt=models.F("second")),
            ),
            models.CheckConstraint(
                name="duplicate_merged_has_one_place",
                condition=models.Q(status=DuplicateStatus.MERGED, second__isnull=True)
                | (~models.Q(status=DuplicateStatus.MERGED) & models.Q(second__isnull=False)),
            ),
            models.CheckConstraint(
                name="duplicate_known_status",
                condition=models.Q(status__in=DuplicateStatus.values),
            ),
            models.CheckConstraint(
                name="duplicate_score_percent", condition=models.Q(score__range=(0, 100))
            ),
        )

    def __str__(self) -> str:
        return f"{self.first_id} – {self.second_id or self.absorbed.get('number', '')}"

    @property
    def reason_labels(self) -> list[str]:
        """The reasons, as people read them."""
        labels = dict(DuplicateReason.choices)
        return [str(labels.get(reason, reason)) for reason in self.reasons]


class PlaceRedirect(models.Model):
    """The slug and the number of a place that was merged, and the place to go to instead."""

    slug = models.SlugField("ancien identifiant", max_length=120, unique=True)
    # No foreign key: the place that had it is no more.
    number = models.BigIntegerField("ancien numéro", unique=True)
    place = models.ForeignKey(
        Place, models.CASCADE, verbose_name="lieu gardé", related_name="former_addresses"
    )
    created_at = models.DateTimeField("créé le", auto_now_add=True)

    class Meta:
        verbose_name = "ancienne adresse"
        verbose_name_plural = "anciennes adresses"
        ordering = ("slug", "pk")

    def __str__(self) -> str:
        return self.slug
