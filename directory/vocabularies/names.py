"""The names of the controlled vocabularies and the small closed lists of the model.

Values live in fixtures/vocabularies/<name>.json; here are only the names, so that code can refer to
them. Published codes are kept as published.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Vocabulary(TextChoices):
    """One file of fixtures/vocabularies/ each."""

    KIND = "kind", _("Type de lieu")
    STANDARD_SERVICE = "standard_service", _("Aides proposées")
    ACTIVITY = "activity", _("Activités")
    SUPPORT_MODE = "support_mode", _("Comment on vous aide")
    ACCESS = "access", _("Comment prendre contact")
    WAY_IN = "way_in", _("Comment être reçu")
    PUBLIC = "public", _("Pour qui")
    SPECIAL_CARE = "special_care", _("Accueil adapté")
    COST = "cost", _("Prix")
    PROGRAMME = "programme", _("Réseaux")
    TRAINING_LABEL = "training_label", _("Formations et labels")
    EQUIPMENT = "equipment", _("Matériel sur place")
    LANGUAGE = "language", _("Langues parlées")


PLACE_VOCABULARIES = frozenset(
    {
        Vocabulary.KIND,
        Vocabulary.ACCESS,
        Vocabulary.PROGRAMME,
        Vocabulary.TRAINING_LABEL,
        Vocabulary.EQUIPMENT,
    }
)
"""Vocabularies that describe a place; the others describe a service."""


class State(TextChoices):
    """Publication state of a record; only PUBLISHED is shown to the public."""

    DRAFT = "draft", _("Brouillon")
    TO_REVIEW = "to_review", _("À relire")
    PUBLISHED = "published", _("Publié")
    ARCHIVED = "archived", _("Archivé")


class Basis(TextChoices):
    """How we know that a service covers a need."""

    DECLARED = "declared", _("Déclaré par la structure")
    DEDUCED = "deduced", _("Déduit, à confirmer par téléphone")


class ActorCategory(TextChoices):
    """Families of the founding map of actors."""

    STATE_PROGRAMME = "state_programme", _("Programme de l’État")
    ADMINISTRATION = "administration", _("Administration")
    PUBLIC_INTEREST_GROUP = "public_interest_group", _("Groupement d’intérêt public")
    NATIONAL_NETWORK = "national_network", _("Réseau national")
    HUB = "hub", _("Hub territorial")
    HEALTH_BODY = "health_body", _("Acteur de la santé")
    LOCAL_STRUCTURE = "local_structure", _("Structure locale")


class Level(TextChoices):
    """Territory at which an actor works."""

    NATIONAL = "national", _("National")
    REGIONAL = "regional", _("Régional")
    DEPARTMENTAL = "departmental", _("Départemental")
    LOCAL = "local", _("Local")


class Itinerancy(TextChoices):
    """The standard's `itinerance`, several values allowed there."""

    UNKNOWN = "", _("Non renseigné")
    FIXED = "fixed", _("Fixe")
    ITINERANT = "itinerant", _("Itinérant")
    BOTH = "both", _("Fixe et itinérant")


class PositionPrecision(TextChoices):
    """How far the point of a place may be trusted."""

    UNKNOWN = "unknown", _("Inconnue")
    ADDRESS = "address", _("Adresse")
    STREET = "street", _("Rue")
    COMMUNE = "commune", _("Centre de la commune")


class Appointment(TextChoices):
    """What a place says of appointments."""

    UNKNOWN = "", _("Non renseigné")
    NOT_NEEDED = "not_needed", _("Sans rendez-vous")
    POSSIBLE = "possible", _("Avec ou sans rendez-vous")
    RECOMMENDED = "recommended", _("Rendez-vous conseillé")
    PARTLY = "partly", _("Rendez-vous obligatoire à certains moments")
    REQUIRED = "required", _("Seulement sur rendez-vous")


class VerificationMethod(TextChoices):
    """How a record was last checked by someone."""

    UNKNOWN = "", _("Jamais vérifié")
    PHONE = "phone", _("Par téléphone")
    VISIT = "visit", _("Sur place")
    EMAIL = "email", _("Par courriel")
    SELF = "self", _("Par le lieu lui-même")


class ContributionKind(TextChoices):
    """What a contributor tells us."""

    CONFIRMATION = "confirmation", _("Tout est correct")
    HOURS = "hours", _("Les horaires sont faux")
    PHONE = "phone", _("Le téléphone est faux")
    CORRECTION = "correction", _("Une autre information est fausse")
    CLOSED = "closed", _("Ce lieu n’existe plus")
    PROPOSAL = "proposal", _("Un lieu à ajouter")


class ContributionStatus(TextChoices):
    """Moderation of a contribution; what is only counted is NOTED."""

    PENDING = "pending", _("En attente")
    ACCEPTED = "accepted", _("Acceptée")
    PARTLY_ACCEPTED = "partly_accepted", _("Acceptée en partie")
    REFUSED = "refused", _("Refusée")
    NOTED = "noted", _("Notée")


class Credit(TextChoices):
    """Who a person's correction of a field comes from."""

    MODERATOR = "", _("Un modérateur")
    CONTRIBUTOR = "contributor", _("Un contributeur")
    PLACE = "place", _("Le lieu lui-même")


class Licence(TextChoices):
    """Licences met so far; only OPEN ones are exported as open data."""

    LO2 = "LO-2.0", _("Licence Ouverte 2.0")
    ODBL = "ODbL-1.0", _("ODbL 1.0")
    MIT = "MIT", _("MIT")
    OWN = "own", _("Rédigé pour cet annuaire")
    UNKNOWN = "unknown", _("Non précisée")


OPEN_LICENCES = frozenset({Licence.LO2, Licence.MIT, Licence.OWN})
"""Those under which the open-data export may publish what it was given."""


class Origin(TextChoices):
    """Where a change of a record comes from."""

    PERSON = "person", _("Modération")
    CONTRIBUTION = "contribution", _("Contribution")
    CAMPAIGN = "campaign", _("Réponse du lieu")
    IMPORT = "import", _("Import")
    MERGE = "merge", _("Fusion de doublons")
    SITE = "site", _("Programme du site")


class BulkAction(TextChoices):
    """What a moderator does to many records at once."""

    VERIFY = "verify", _("Marquer comme vérifiées")
    PUBLISH = "publish", _("Publier")
    REVIEW = "review", _("Mettre à relire")
    ARCHIVE = "archive", _("Archiver")
    TAG = "tag", _("Ajouter une caractéristique")
    UNTAG = "untag", _("Retirer une caractéristique")
    ASSIGN = "assign", _("Confier")
