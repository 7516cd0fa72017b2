"""The directory's tables."""

from directory.models.accounts import AuditEntry, AuditEvent, Invitation, Role, RoleKind
from directory.models.actors import Actor
from directory.models.campaigns import (
    Campaign,
    CampaignState,
    ConfirmationRequest,
    Gap,
    MailRefusal,
    RefusalReason,
    RequestState,
)
from directory.models.changes import Change
from directory.models.contributions import Contribution
from directory.models.digests import Digest
from directory.models.duplicates import DuplicateCandidate, PlaceRedirect
from directory.models.import_runs import ImportRun
from directory.models.loaded import LoadedFixture
from directory.models.mappings import ImportMapping
from directory.models.needs import Helpline, Need, NeedMapping, NeedTranslation, Synonym
from directory.models.places import Closure, Place, Stop
from directory.models.revisions import Revision
from directory.models.services import Service, ServiceArea, ServiceNeed, ServiceTerm
from directory.models.sources import FieldProvenance, PlaceSource, Source
from directory.models.terms import Term
from directory.models.territories import Commune, CommuneName, Department, Postcode, Region

__all__ = [
    "Actor",
    "AuditEntry",
    "AuditEvent",
    "Campaign",
    "CampaignState",
    "Change",
    "Closure",
    "Commune",
    "CommuneName",
    "ConfirmationRequest",
    "Contribution",
    "Department",
    "Digest",
    "DuplicateCandidate",
    "FieldProvenance",
    "Gap",
    "Helpline",
    "ImportMapping",
    "ImportRun",
    "Invitation",
    "LoadedFixture",
    "MailRefusal",
    "Need",
    "NeedMapping",
    "NeedTranslation",
    "Place",
    "PlaceRedirect",
    "PlaceSource",
    "Postcode",
    "RefusalReason",
    "Region",
    "RequestState",
    "Revision",
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
