"""Campaigns on the moderators' side: read before they leave, followed, within a territory."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from directory.models import (
    Campaign,
    CampaignState,
    ConfirmationRequest,
    Department,
    Gap,
    MailRefusal,
    RoleKind,
)
from directory.moderation.campaigns import addresses, selection
from tests import factories as make
from tests.accounts import make_user, national, sign_in
from tests.campaigns.mailing import place

pytestmark = pytest.mark.django_db

ADD = "/admin/directory/campaign/add/"


@pytest.fixture
def chief(client: Client) -> Client:
    return sign_in(client, national())


def written(**fields: Any) -> dict[str, Any]:
    """What the form sends."""
    return {
        "name": "Printemps", "region": "", "department": "", "months": "0", "gap": "",
        "text": "", **fields,
    }  # fmt: skip


def page_of(campaign: Campaign) -> str:
    return reverse("admin:directory_campaign_follow", args=[campaign.pk])


def launch(client: Client, campaign: Campaign) -> Any:
    page = client.get(page_of(campaign))
    return client.post(page_of(campaign), {"que": "lancer", "seen": page.context["seen"]})


def add(client: Client, **fields: Any) -> Campaign:
    answer = client.post(ADD, written(**fields))
    assert answer.status_code == 302, answer.content.decode()
    return Campaign.objects.latest("pk")


def test_campaign_is_read_then_launched(chief: Client) -> None:
    place("Le relais")
    campaign = add(chief, text="Bonjour du printemps.")
    page = chief.get(page_of(campaign)).content.decode()
    assert campaign.state == CampaignState.PREVIEWED
    assert "accueil@relais.example" in page
    assert "Bonjour du printemps." in page
    assert "Le relais\u00a0: vos informations" in page
    assert not ConfirmationRequest.objects.exists()
    launch(chief, campaign)
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.SENDING
    assert campaign.launched_by is not None
    assert [row.place.name for row in campaign.requests.all()] == ["Le relais"]


def test_preview_tells_who_is_left_out_and_why(chief: Client) -> None:
    place("Un")
    place("Deux", emails=[])
    place("Trois", emails=["jeanne.martin@trois.example"])
    refused = place("Quatre", emails=["accueil@quatre.example"])
    MailRefusal.objects.create(
        place=refused,
        address_hash=addresses.hashed("accueil@quatre.example"),
        reason="asked",
    )
    asked = place("Cinq", emails=["accueil@cinq.example"])
    ConfirmationRequest.objects.create(campaign=Campaign.objects.create(name="Autre"), place=asked)
    found = chief.get(page_of(add(chief))).context["selection"]
    assert [one.name for one in found.chosen] == ["Un"]
    assert (found.without_address, found.refused, found.lately) == (2, 1, 1)


def test_what_changed_since_the_preview_is_read_again_first(chief: Client) -> None:
    place("Un")
    campaign = add(chief)
    seen = chief.get(page_of(campaign)).context["seen"]
    place("Deux", emails=["accueil@deux.example"])
    answer = chief.post(page_of(campaign), {"que": "lancer", "seen": seen}, follow=True)
    assert "ont changé depuis votre lecture" in answer.content.decode()
    assert not ConfirmationRequest.objects.exists()


def test_campaign_is_launched_once(chief: Client) -> None:
    place("Un")
    campaign = add(chief)
    seen = chief.get(page_of(campaign)).context["seen"]
    for _twice in range(2):
        chief.post(page_of(campaign), {"que": "lancer", "seen": seen})
    assert ConfirmationRequest.objects.count() == 1


def test_draft_is_not_launched(chief: Client) -> None:
    place("Un")
    campaign = add(chief, _continue="1")
    page = chief.get(page_of(campaign))
    chief.post(page_of(campaign), {"que": "lancer", "seen": page.context["seen"]})
    assert not ConfirmationRequest.objects.exists()


def test_launched_campaign_is_neither_changed_nor_deleted(chief: Client) -> None:
    place("Un")
    campaign = add(chief)
    launch(chief, campaign)
    url = reverse("admin:directory_campaign_change", args=[campaign.pk])
    chief.post(url, written(name="Autre", text="Autre"))
    chief.post(reverse("admin:directory_campaign_delete", args=[campaign.pk]), {"post": "yes"})
    campaign.refresh_from_db()
    assert (campaign.name, campaign.text, campaign.state) == ("Printemps", "", "sending")


def test_campaign_is_paused_and_goes_on(chief: Client) -> None:
    place("Un")
    campaign = add(chief)
    launch(chief, campaign)
    for does, state in (("pause", "paused"), ("reprendre", "sending")):
        chief.post(page_of(campaign), {"que": does})
        campaign.refresh_from_db()
        assert campaign.state == state


@pytest.mark.parametrize(
    ("gap", "kept"),
    [(Gap.NONE, {"Plein", "Vide"}), (Gap.HOURS, {"Vide"}), (Gap.PHONE, {"Vide"}),
     (Gap.NEEDS, {"Vide"})],
)  # fmt: skip
def test_campaign_picks_by_what_is_missing(gap: Gap, kept: set[str]) -> None:
    full = place("Plein", opening_hours="Mo 09:00-12:00", phone="+33199001234")
    make.ServiceFactory.create(place=full, needs=["ameli"])
    empty = place("Vide", phone="")
    service = make.ServiceFactory.create(place=empty)
    make.ServiceNeedFactory.create(service=service, basis="deduced", rule="règle")
    found = selection.matching(Campaign(months=0, gap=gap))
    assert set(found.values_list("name", flat=True)) == kept


def test_campaign_picks_by_age_of_verification() -> None:
    place("Jamais")
    place("Vieux", verified_on="2020-01-01", verification_method="phone")
    from django.utils import timezone

    place("Récent", verified_on=timezone.localdate(), verification_method="phone")
    found = selection.matching(Campaign(months=12))
    assert set(found.values_list("name", flat=True)) == {"Jamais", "Vieux"}


def of(department: str) -> Department:
    found: Department = make.DepartmentFactory.create(
        code=department, name=f"Département {department}"
    )
    return found


def moderator(client: Client, department: Department) -> Client:
    role = {"kind": RoleKind.DEPARTMENT, "department": department}
    return sign_in(client, make_user("moderation", role))


def test_moderator_writes_to_their_own_territory_only(client: Client) -> None:
    own, other = of("14"), of("35")
    place("Ici", commune=make.CommuneFactory.create(department=own))
    place("Ailleurs", commune=make.CommuneFactory.create(department=other))
    moderator(client, own)
    campaign = add(client, department="14")
    assert [one.name for one in client.get(page_of(campaign)).context["selection"].chosen] == [
        "Ici"
    ]
    for fields in ({"department": "35"}, {"department": ""}, {"region": "11"}):
        answer = client.post(ADD, written(**fields))
        assert answer.status_code in {200, 403}
    assert Campaign.objects.count() == 1


def test_campaign_of_elsewhere_is_neither_read_nor_driven(client: Client) -> None:
    place("Ailleurs")
    campaign = Campaign.objects.create(name="Secrète", state=CampaignState.SENDING)
    moderator(client, of("14"))
    for answer in (client.get(page_of(campaign)), client.post(page_of(campaign), {"que": "pause"})):
        assert answer.status_code == 302
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.SENDING


def test_observer_reads_and_launches_nothing(client: Client) -> None:
    place("Un")
    campaign = Campaign.objects.create(name="P", months=0, state=CampaignState.PREVIEWED)
    sign_in(client, make_user("lecture", {"kind": RoleKind.OBSERVER}))
    page = client.get(page_of(campaign))
    assert page.status_code == 200
    assert "Envoyer 1 message" not in page.content.decode()
    answer = client.post(page_of(campaign), {"que": "lancer", "seen": page.context["seen"]})
    assert answer.status_code == 403
    assert not ConfirmationRequest.objects.exists()
