"""A record of every model on each side of a border: Normandy, and Brittany, whose names are secret.

`BUILDERS` names every model of the admin: a new class has to say here what its records are.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Model

from directory import models
from directory.models import AuditEvent, RoleKind
from directory.vocabularies.names import State
from tests import factories as make
from tests.accounts import make_user

INSIDE, OUTSIDE = "zzdedans", "zzsecret"
"""In the name of every record of Normandy; of Brittany."""

HOME, ABROAD = "28", "53"


@dataclass
class Side:
    """What the records of one side hang on."""

    mark: str
    region: models.Region
    department: models.Department
    commune: models.Commune
    actor: models.Actor
    place: models.Place
    service: models.Service
    user: User


def side(mark: str, region: str, department: str) -> Side:
    """Build one side."""
    land = make.RegionFactory.create(code=region, name=f"Région {region}")
    county = make.DepartmentFactory.create(
        code=department, name=f"Département {department}", region=land
    )
    commune = make.CommuneFactory.create(department=county, name=f"Bourg {department}")
    actor = make.ActorFactory.create(slug=f"{mark}-acteur", name=f"{mark} acteur")
    actor.departments.add(county)
    place = make.PlaceFactory.create(
        slug=f"{mark}-lieu",
        name=f"{mark} lieu",
        address=f"{mark} rue",
        commune=commune,
        operator=actor,
        state=State.DRAFT,
    )
    service = make.ServiceFactory.create(place=place, name=f"{mark} service")
    user = make_user(f"{mark}-compte")
    return Side(mark, land, county, commune, actor, place, service, user)


def campaign_of(s: Side) -> models.Campaign:
    """Return the campaign of a side, ready to leave, to its published place."""
    return models.Campaign.objects.get_or_create(
        name=f"{s.mark} campagne",
        department=s.department,
        defaults={"state": models.CampaignState.PREVIEWED, "text": f"{s.mark} mot"},
    )[0]


def pair(one: Side) -> models.DuplicateCandidate:
    """Two places of one side that look alike."""
    other = make.PlaceFactory.create(name=f"{one.mark} double", commune=one.commune)
    return models.DuplicateCandidate.objects.create(first=one.place, second=other, score=80)


BUILDERS: dict[type[Model], Callable[[Side], Any]] = {
    models.Actor: lambda s: s.actor,
    models.AuditEntry: lambda s: models.AuditEntry.objects.create(
        event=AuditEvent.EXPORT, target=f"{s.mark} lieux"
    ),
    models.Campaign: campaign_of,
    models.Change: lambda s: models.Change.objects.create(kind="place", object_id=s.place.pk),
    models.Closure: lambda s: make.ClosureFactory.create(place=s.place, reason=f"{s.mark} congés"),
    models.Commune: lambda s: s.commune,
    models.CommuneName: lambda s: s.commune.names.first(),
    models.ConfirmationRequest: lambda s: models.ConfirmationRequest.objects.create(
        campaign=campaign_of(s), place=s.place, reason=f"{s.mark} raison"
    ),
    models.Contribution: lambda s: make.ContributionFactory.create(
        place=s.place, message=f"{s.mark} message"
    ),
    models.Digest: lambda s: models.Digest.objects.create(user=s.user),
    models.Department: lambda s: s.department,
    models.DuplicateCandidate: pair,
    models.FieldProvenance: lambda s: models.FieldProvenance.objects.create(
        place=s.place, field="summary", proposal=f"{s.mark} proposition", is_locked=True
    ),
    models.Helpline: lambda s: make.HelplineFactory.create(),
    models.ImportMapping: lambda s: models.ImportMapping.objects.create(
        slug=f"correspondance-{s.region.pk}", title="Titre", text="titre = 'Titre'"
    ),
    models.ImportRun: lambda s: models.ImportRun.objects.create(
        source=f"{s.mark}-liste", file_name=f"{s.mark}.csv"
    ),
    models.Invitation: lambda s: models.Invitation.objects.create(
        email=f"{s.mark}@annuaire.example", kind=RoleKind.REGION, region=s.region
    ),
    models.LoadedFixture: lambda s: models.LoadedFixture.objects.create(
        name=f"{s.region.pk}.json", digest="0"
    ),
    models.MailRefusal: lambda s: models.MailRefusal.objects.create(
        place=s.place, address_hash=s.mark, reason="asked"
    ),
    models.Need: lambda s: make.NeedFactory.create(),
    models.NeedMapping: lambda s: make.NeedMappingFactory.create(code=f"code-{s.region.pk}"),
    models.NeedTranslation: lambda s: models.NeedTranslation.objects.create(
        need=make.NeedFactory.create(), language="en", label="My account"
    ),
    models.Place: lambda s: s.place,
    models.PlaceRedirect: lambda s: models.PlaceRedirect.objects.create(
        slug=f"{s.mark}-ancien", number=90_000 + s.place.pk, place=s.place
    ),
    models.PlaceSource: lambda s: models.PlaceSource.objects.create(
        source=make.SourceFactory.create(), place=s.place, external_id=f"{s.mark}-1"
    ),
    models.Postcode: lambda s: s.commune.postcodes.first(),
    models.Region: lambda s: s.region,
    models.Revision: lambda s: models.Revision.objects.create(
        user=s.user, origin="person", reason=f"{s.mark} raison", action="verify", target="place"
    ),
    models.Role: lambda s: models.Role.objects.create(
        user=s.user, kind=RoleKind.REGION, region=s.region
    ),
    models.Service: lambda s: s.service,
    models.ServiceArea: lambda s: models.ServiceArea.objects.create(
        service=s.service, commune=s.commune
    ),
    models.ServiceNeed: lambda s: make.ServiceNeedFactory.create(
        service=s.service, basis="deduced", rule=f"{s.mark} règle"
    ),
    models.ServiceTerm: lambda s: make.ServiceTermFactory.create(
        service=s.service, days=f"{s.mark} mardi"
    ),
    models.Source: lambda s: make.SourceFactory.create(),
    models.Stop: lambda s: make.StopFactory.create(place=s.place, label=f"{s.mark} arrêt"),
    models.Synonym: lambda s: make.SynonymFactory.create(),
    models.Term: lambda s: make.TermFactory.create(),
    User: lambda s: s.user,
}


@dataclass
class World:
    """Both sides, and their records by model."""

    home: Side
    abroad: Side
    records: dict[tuple[type[Model], str], Model]

    def roles(self) -> dict[str, list[dict[str, Any]]]:
        """The people of the matrix: what each was granted, always in Normandy or everywhere."""
        home = self.home
        orne = make.DepartmentFactory.create(code="61", name="Orne", region=home.region)
        return {
            "national": [{"kind": RoleKind.NATIONAL}],
            "region": [{"kind": RoleKind.REGION, "region": home.region}],
            "departments": [
                {"kind": RoleKind.DEPARTMENT, "department": home.department},
                {"kind": RoleKind.DEPARTMENT, "department": orne},
            ],
            "editor": [{"kind": RoleKind.ACTOR, "actor": home.actor}],
            "observer": [{"kind": RoleKind.OBSERVER, "region": home.region}],
            "observer of all": [{"kind": RoleKind.OBSERVER}],
            "nobody": [],
        }


def build() -> World:
    """Build the two regions, with a record of every model in each."""
    home, abroad = side(INSIDE, HOME, "14"), side(OUTSIDE, ABROAD, "35")
    records = {
        (model, one.mark): builder(one)
        for model, builder in BUILDERS.items()
        for one in (home, abroad)
    }
    return World(home, abroad, records)
