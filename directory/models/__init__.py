"""The directory's tables."""

from directory.models.accounts import AuditEntry, AuditEvent, Invitation, Role, RoleKind
from directory.models.actors import Actor
from directory.models.changes import Change
from directory.models.contributions import Contribution
from directory.models.digests import Digest
from directory.models.duplicates import DuplicateCandidate, PlaceRedirect
from directory.models.loaded import LoadedFixture
from directory.models.mappings import ImportMapping
from directory.models.needs import Helpline, Need, NeedMapping, NeedTranslation, Synonym
from directory.models.places import Closure, Place, Stop
from directory.models.services import Service, ServiceArea, ServiceNeed, ServiceTerm
from directory.models.sources import FieldProvenance, PlaceSource, Source
from directory.models.terms import Term
from directory.models.territories import Commune, CommuneName, Department, Postcode, Region

__all__ = [
    "Actor",
    "AuditEntry",
    "AuditEvent",
    "Change",
    "Closure",
    "Commune",
    "CommuneName",
    "Contribution",
    "Department",
    "Digest",
    "DuplicateCandidate",
    "FieldProvenance",
    "Helpline",
    "ImportMapping",
    "Invitation",
    "LoadedFixture",
    "Need",
    "NeedMapping",
    "NeedTranslation",
    "Place",
    "PlaceRedirect",
    "PlaceSource",
    "Postcode",
    "Region",
    "Role",
    "RoleKind",
    "Service",
    "ServiceArea",
    "ServiceNeed",
    "ServiceTerm",
    "Source",
    "Stop",
    "Synonym",
    "Term",
]
