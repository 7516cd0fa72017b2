"""Who may do what, who was invited to, and what was done with an account.

The accounts themselves are Django's. What a role allows is decided in directory/moderation/policy.
"""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from directory.models.actors import Actor
from directory.models.territories import Department, Region


class RoleKind(models.TextChoices):
    """What a person is to the directory."""

    NATIONAL = "national", "Administration nationale"
    REGION = "region", "Modération régionale"
    DEPARTMENT = "department", "Modération départementale"
    ACTOR = "actor", "Structure\u00a0: sa fiche et ses lieux"
    OBSERVER = "observer", "Lecture seule"


MISFIT = (
    "Le rôle et son territoire ne vont pas ensemble\u00a0: une région pour la modération "
    "régionale, un département pour la modération départementale, une structure pour une "
    "structure, rien pour l’administration nationale."
)


def fits_kind() -> Q:
    """Return the condition that a role names the territory or the structure its kind asks for.

    An observer looks at the country, one region or one department.
    """
    no_region, no_department = Q(region__isnull=True), Q(department__isnull=True)
    no_actor = Q(actor__isnull=True)
    nothing = no_region & no_department & no_actor
    return (
        (Q(kind=RoleKind.NATIONAL) & nothing)
        | (Q(kind=RoleKind.REGION) & ~no_region & no_department & no_actor)
        | (Q(kind=RoleKind.DEPARTMENT) & no_region & ~no_department & no_actor)
        | (Q(kind=RoleKind.ACTOR) & no_region & no_department & ~no_actor)
        | (Q(kind=RoleKind.OBSERVER) & no_actor & (no_region | no_department))
    )


class Scoped(models.Model):
    """A kind of role and where it holds."""

    kind = models.CharField("rôle", max_length=12, choices=RoleKind)
    region = models.ForeignKey(
        Region, models.CASCADE, verbose_name="région", related_name="+", null=True, blank=True
    )
    department = models.ForeignKey(
        Department,
        models.CASCADE,
        verbose_name="département",
        related_name="+",
        null=True,
        blank=True,
    )
    actor = models.ForeignKey(
        Actor, models.CASCADE, verbose_name="structure", related_name="+", null=True, blank=True
    )

    class Meta:
        abstract = True

    @property
    def where(self) -> str:
        """The territory or the structure, in words."""
        return str(self.region or self.department or self.actor or "France")


class RoleQuerySet(models.QuerySet["Role"]):
    """Ways to pick roles."""

    def holding(self) -> "RoleQuerySet":
        """Roles that have not ended."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=timezone.localdate()))


class Role(Scoped):
    """What an account may do, and where. An account may hold several."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name="compte", related_name="roles"
    )
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name="donné par",
        related_name="+",
        null=True,
        blank=True,
        editable=False,
    )
    granted_at = models.DateTimeField("donné le", auto_now_add=True)
    ends_on = models.DateField(
        "jusqu’au", null=True, blank=True, help_text="Jour compris. Vide\u00a0: sans fin prévue."
    )

    objects = RoleQuerySet.as_manager()

    class Meta:
        verbose_name = "rôle"
        ordering = ("user", "kind", "pk")
        constraints = (
            models.CheckConstraint(
                name="role_scope_fits_kind",
                condition=fits_kind(),
                violation_error_message=MISFIT,
            ),
            models.UniqueConstraint(
                fields=["user", "kind"],
                name="role_once_without_scope",
                condition=Q(region=None, department=None, actor=None),
            ),
            models.UniqueConstraint(
                fields=["user", "kind", "region"],
                name="role_once_per_region",
                condition=Q(region__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["user", "kind", "department"],
                name="role_once_per_department",
                condition=Q(department__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["user", "actor"],
                name="role_once_per_actor",
                condition=Q(actor__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} – {self.where}"


class Invitation(Scoped):
    """A role offered to an address by e-mail: a signed link, used once, valid for seven days."""

    email = models.EmailField("adresse électronique")
    nonce = models.CharField(max_length=32, editable=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name="invitée par",
        related_name="+",
        null=True,
        editable=False,
    )
    sent_at = models.DateTimeField("envoyée le", null=True, editable=False)
    accepted_at = models.DateTimeField("acceptée le", null=True, editable=False)

    class Meta:
        verbose_name = "invitation"
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(
                name="invitation_scope_fits_kind",
                condition=fits_kind(),
                violation_error_message=MISFIT,
            ),
        )

    def __str__(self) -> str:
        return f"{self.email} ({self.get_kind_display()} – {self.where})"

    def scope(self) -> dict[str, Any]:
        """Return the fields that the role will have."""
        names = ("kind", "region_id", "department_id", "actor_id")
        return {name: getattr(self, name) for name in names}


class AuditEvent(models.TextChoices):
    """What is written down of accounts and of data taken out or in."""

    LOGIN = "login", "Connexion"
    LOGIN_FAILED = "login_failed", "Connexion refusée"
    SECOND_STEP_FAILED = "code_failed", "Code refusé"
    LOGOUT = "logout", "Déconnexion"
    PASSWORD = "password", "Mot de passe changé"
    SECOND_STEP_SET = "code_set", "Application de codes installée"
    SECOND_STEP_RESET = "code_reset", "Double vérification remise à zéro"
    INVITED = "invited", "Invitation envoyée"
    JOINED = "joined", "Invitation acceptée"
    ROLE_GIVEN = "role_given", "Rôle donné"
    ROLE_CHANGED = "role_changed", "Rôle modifié"
    ROLE_REMOVED = "role_removed", "Rôle retiré"
    ACCOUNT_CLOSED = "closed", "Compte fermé"
    ACCOUNT_OPENED = "opened", "Compte rouvert"
    EXPORT = "export", "Export"
    IMPORT = "import", "Import"


class AuditEntry(models.Model):
    """One line of the log: who, what, when, on what. No address of a machine is kept."""

    at = models.DateTimeField("le", auto_now_add=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name="compte",
        related_name="+",
        null=True,
    )
    event = models.CharField("quoi", max_length=16, choices=AuditEvent)
    target = models.CharField("sur quoi", max_length=80, blank=True)
    detail = models.CharField("détail", max_length=240, blank=True)

    class Meta:
        verbose_name = "ligne du journal"
        verbose_name_plural = "journal des comptes"
        ordering = ("-pk",)
        indexes = (
            models.Index(fields=["at"], name="audit_at_idx"),
            models.Index(fields=["user", "at"], name="audit_user_at_idx"),
        )
        constraints = (
            models.CheckConstraint(
                name="audit_known_event", condition=Q(event__in=AuditEvent.values)
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_event_display()} {self.target}".strip()
