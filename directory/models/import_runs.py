"""Imports asked for in the admin: what was sent, what it would change, what became of it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class RunState(models.TextChoices):
    """Where an import is. `mode` tells what a queued one waits for: to be read, or written."""

    QUEUED = "queued", _("En attente")
    READING = "reading", _("Lecture en cours")
    READY = "ready", _("Aperçu prêt")
    APPLYING = "applying", _("Écriture en cours")
    DONE = "done", _("Écrit")
    FAILED = "failed", _("Échec")
    CANCELLED = "cancelled", _("Annulé")


class RunMode(models.TextChoices):
    """What is asked of an import. The values are those of directory.exchange.importing.Mode."""

    DRY = "dry", _("Aperçu, rien n’est écrit")
    RUN = "run", _("Tout ou rien")
    ROW = "row", _("Ligne par ligne")


BUSY = frozenset({RunState.QUEUED, RunState.READING, RunState.APPLYING})
CANCELLABLE = frozenset({RunState.QUEUED, RunState.READING, RunState.READY})
ENDED = frozenset({RunState.DONE, RunState.FAILED, RunState.CANCELLED})


class ImportRun(models.Model):
    """A list sent to the admin. Files are in settings.IMPORTS_DIR, for some days only.

    `state` changes by conditional updates only, and to DONE in the very transaction that writes
    the places: an import that is done again finds itself done (directory/exchange/import_runs.py).
    """

    source = models.SlugField("source")
    mapping = models.SlugField("correspondance", max_length=80, blank=True)
    file_name = models.CharField("fichier", max_length=200)
    stored_names = models.JSONField("fichiers gardés", default=list, editable=False)
    digest = models.CharField("empreinte", max_length=64, editable=False)
    vintage_on = models.DateField("jour du fichier", null=True, blank=True)
    is_partial = models.BooleanField("une partie de la liste seulement", default=False)
    mode = models.CharField("écriture", max_length=3, choices=RunMode, default=RunMode.DRY)
    state = models.CharField("état", max_length=9, choices=RunState, default=RunState.QUEUED)
    attempts = models.PositiveSmallIntegerField("reprises", default=0)
    total = models.PositiveIntegerField("lignes du fichier", null=True, blank=True)
    counts = models.JSONField("comptes", default=dict, editable=False)
    report_name = models.CharField("rapport", max_length=40, blank=True, editable=False)
    report_digest = models.CharField(
        "empreinte de l’aperçu", max_length=64, blank=True, editable=False
    )
    notice = models.TextField("à savoir", blank=True)
    error = models.TextField("erreur", blank=True)
    created_at = models.DateTimeField("envoyé le", auto_now_add=True)
    started_at = models.DateTimeField("commencé le", null=True, blank=True)
    ended_at = models.DateTimeField("fini le", null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name="envoyé par",
        related_name="+",
        null=True,
        blank=True,
    )

    class Meta:
        verbose_name = "import"
        ordering = ("-created_at", "-pk")
        indexes = (models.Index(fields=["state"], name="importrun_state_idx"),)
        constraints = (
            models.CheckConstraint(
                name="importrun_known_state", condition=models.Q(state__in=RunState.values)
            ),
            models.CheckConstraint(
                name="importrun_known_mode", condition=models.Q(mode__in=RunMode.values)
            ),
            models.CheckConstraint(
                name="importrun_applies_in_a_mode_that_writes",
                condition=~models.Q(mode=RunMode.DRY)
                | ~models.Q(state__in=[RunState.APPLYING, RunState.DONE]),
            ),
        )

    def __str__(self) -> str:
        return f"{self.source} – {self.file_name}"

    @property
    def is_busy(self) -> bool:
        """Whether something is still to be done, without anybody asking for more."""
        return self.state in BUSY

    @property
    def is_ready(self) -> bool:
        """Whether its preview may be applied."""
        return self.state == RunState.READY

    @property
    def is_cancellable(self) -> bool:
        """Whether it may be given up: nothing of it is written."""
        return self.state in CANCELLABLE and (
            self.mode == RunMode.DRY or self.state == RunState.QUEUED
        )
