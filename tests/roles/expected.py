"""What each person of the matrix may do, written apart from the policy that it checks."""

from django.contrib.auth.models import User
from django.db.models import Model

from directory import models as m
from tests.roles.two_regions import INSIDE

VIEW, CHANGE, DELETE, ADD = "view", "change", "delete", "add"
EVERYTHING = {VIEW, CHANGE, DELETE, ADD}
READING = {VIEW}

OF_A_TERRITORY = {
    m.Actor, m.Campaign, m.Closure, m.ConfirmationRequest, m.Contribution, m.DuplicateCandidate,
    m.FieldProvenance, m.MailRefusal, m.Place, m.PlaceRedirect, m.PlaceSource, m.Service,
    m.ServiceArea, m.ServiceNeed, m.ServiceTerm, m.Stop,
}  # fmt: skip
WRITTEN_BY_THE_SITE = {m.ConfirmationRequest, m.MailRefusal}
OF_NATIONAL_ADMINISTRATORS = {
    User, m.AuditEntry, m.Change, m.Digest, m.ImportRun, m.Invitation, m.LoadedFixture, m.Revision,
    m.Role,
}  # fmt: skip
OF_AN_ORGANISATION = {
    m.Actor: {VIEW, CHANGE},
    m.Place: {VIEW, CHANGE, ADD},
    m.Closure: EVERYTHING,
    m.Stop: EVERYTHING,
    m.Service: EVERYTHING,
    m.ServiceArea: EVERYTHING,
    m.ServiceNeed: EVERYTHING,
    m.ServiceTerm: EVERYTHING,
}
OBSERVERS = {"observer", "observer of all"}
OUT = {"nobody", "without a code", "anonymous"}


def allowed(person: str, model: type[Model], mark: str) -> set[str]:
    """Return what a person may do on a record of a side."""
    if person in OUT:
        return set()
    if person == "national":
        return _national(model)
    if model not in OF_A_TERRITORY:
        return set() if model in OF_NATIONAL_ADMINISTRATORS else READING
    if mark == INSIDE or person == "observer of all":
        return _at_home(person, model)
    # The page to add is there: it serves in their own territory.
    return _at_home(person, model) & {ADD}


def _at_home(person: str, model: type[Model]) -> set[str]:
    if person in OBSERVERS:
        return READING
    if person == "editor":
        return OF_AN_ORGANISATION.get(model, set())
    if model is m.Contribution:
        return EVERYTHING - {ADD}
    read = {m.PlaceSource, m.PlaceRedirect, *WRITTEN_BY_THE_SITE}
    return READING if model in read else EVERYTHING


def _national(model: type[Model]) -> set[str]:
    if model in {m.AuditEntry, m.Change, m.LoadedFixture, m.Revision}:
        return READING
    if model in WRITTEN_BY_THE_SITE:
        return {VIEW, DELETE}
    if model in {User, m.Contribution}:
        return EVERYTHING - {ADD}
    if model is m.ImportRun:
        return EVERYTHING - {DELETE}
    return EVERYTHING - {CHANGE} if model is m.Invitation else EVERYTHING


def sees_all(person: str) -> bool:
    """Tell whether the names of Brittany are no secret for them."""
    return person in {"national", "observer of all"}
