"""What is said of two records that look alike. On the moderators' side only."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class DuplicateStatus(TextChoices):
    """What was decided of two records that look alike."""

    WAITING = "waiting", _("À examiner")
    DIFFERENT = "different", _("Deux lieux différents")
    MERGED = "merged", _("Fusionnés")


class DuplicateReason(TextChoices):
    """Why two records look alike, or do not."""

    SAME_IDENTIFIER = "same_identifier", _("même identifiant chez les producteurs")
    SAME_PIVOT = "same_pivot", _("même SIRET")
    SAME_NAME = "same_name", _("même nom")
    LIKE_NAME = "like_name", _("noms proches")
    SAME_ADDRESS = "same_address", _("même adresse")
    SAME_STREET = "same_street", _("même rue")
    NEAR = "near", _("à moins de 150 m")
    SAME_PHONE = "same_phone", _("même téléphone")
    OTHER_PHONE = "other_phone", _("téléphones différents")
    OTHER_ADDRESS = "other_address", _("adresses différentes")
