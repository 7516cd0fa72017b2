"""The carnet: in its address and nowhere else, changed by plain links."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils.html import strip_tags

from directory.vocabularies.names import State
from tests import factories as make
from tests.browser import places as world

pytestmark = pytest.mark.django_db


@pytest.fixture
def three() -> list[int]:
    """Numbers of three places near Guéret."""
    built = world.build(3)
    return sorted(built.gueret.places.filter(name__contains="(").values_list("pk", flat=True))


def page(client: Client, query: str) -> str:
    """The HTML of the carnet's page."""
    answer = client.get(f"/carnet/?{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def link(html: str, name: str, rank: int = 0) -> str:
    """The address of the link of this visible text; `rank` when several have it."""
    found = [
        unescape(re.findall(r'href="([^"]*)"', attributes)[0])
        for attributes, inside in re.findall(r"<a\b([^>]*)>(.*?)</a>", html, re.DOTALL)
        if strip_tags(inside).strip().startswith(name)
    ]
    return found[rank]


def order(html: str) -> list[int]:
    """The places of the page, in its order."""
    return [int(number) for number in re.findall(r'<li class="card" id="lieu-(\d+)"', html)]


def test_places_are_shown_in_the_order_of_the_address(client: Client, three: list[int]) -> None:
    a, b, c = three
    assert order(page(client, f"lieux={c},{a},{b}")) == [c, a, b]


def test_moving_up_and_down_are_links_that_open_at_the_place_moved(
    client: Client, three: list[int]
) -> None:
    a, b, c = three
    html = page(client, f"lieux={a},{b},{c}")
    down = link(html, "Descendre", 0)
    assert down.endswith(f"#lieu-{a}")
    assert order(client.get(down).content.decode()) == [b, a, c]
    up = link(html, "Monter", 1)
    assert order(client.get(up).content.decode()) == [a, c, b]


def test_first_place_cannot_move_up_nor_the_last_one_down(client: Client, three: list[int]) -> None:
    html = page(client, f"lieux={three[0]}")
    assert "Monter" not in html
    assert "Descendre" not in html


def test_removing_is_a_link_that_keeps_the_rest(client: Client, three: list[int]) -> None:
    a, b, c = three
    html = page(client, f"lieux={a},{b},{c}&besoin=ameli&recherche=ou%3DGu%C3%A9ret")
    removed = link(html, "Retirer", 1)
    assert parse_qs(urlsplit(removed).query) == {
        "lieux": [f"{a},{c}"],
        "besoin": ["ameli"],
        "recherche": ["ou=Guéret"],
    }


def test_last_place_removed_leaves_an_empty_carnet_that_says_what_to_do(
    client: Client, three: list[int]
) -> None:
    html = page(client, f"lieux={three[0]}")
    emptied = client.get(link(html, "Retirer")).content.decode()
    assert "Votre carnet est vide" in emptied
    assert "Ajouter au carnet" in emptied


def test_carnet_leads_back_to_the_search_with_itself_in_hand(
    client: Client, three: list[int]
) -> None:
    a, b, _ = three
    html = page(client, f"lieux={a},{b}&recherche=ou%3DGu%C3%A9ret%26besoin%3Dameli")
    back = link(html, "Ajouter d’autres lieux")
    assert urlsplit(back).path == "/recherche/"
    assert parse_qs(urlsplit(back).query) == {
        "ou": ["Guéret"],
        "besoin": ["ameli"],
        "carnet": [f"{a},{b}"],
    }


def test_carnet_without_a_search_leads_to_the_home_page_with_itself_in_hand(
    client: Client, three: list[int]
) -> None:
    a, b, _ = three
    assert link(page(client, f"lieux={a},{b}"), "Ajouter d’autres lieux") == f"/?carnet={a},{b}"
    home = client.get(f"/?carnet={a},{b}").content.decode()
    assert f'<input type="hidden" name="carnet" value="{a},{b}">' in home


def test_carnet_hands_its_places_and_need_over_to_the_sheet_and_to_the_share(
    client: Client, three: list[int]
) -> None:
    a, b, _ = three
    html = page(client, f"lieux={b},{a}&besoin=ameli")
    assert link(html, "Imprimer la fiche") == f"/fiche/?lieux={b},{a}&besoin=ameli"
    assert link(html, "Télécharger en PDF") == f"/fiche.pdf?lieux={b},{a}&besoin=ameli"
    assert link(html, "Envoyer par SMS") == f"/partager/?lieux={b},{a}&besoin=ameli"


def test_short_link_of_the_carnet_leads_back_to_it(client: Client, three: list[int]) -> None:
    a, b, c = three
    html = page(client, f"lieux={c},{a},{b}")
    short = re.findall(r'href="(http://testserver/c/[0-9A-Z]+)"', html)[0]
    assert order(client.get(short, follow=True).content.decode()) == [c, a, b]


def test_unknown_archived_and_written_wrong_are_said_and_the_rest_shown(
    client: Client, three: list[int]
) -> None:
    archived = make.PlaceFactory.create(name="Lieu fermé", state=State.ARCHIVED).pk
    html = page(client, f"lieux={three[0]},{archived},999999,abc,{three[0]},{three[1]}")
    assert order(html) == three[:2]
    assert "2 lieux de cette liste ne sont plus dans l’annuaire" in html
    assert "Un morceau de l’adresse n’est pas un numéro de lieu" in html
    assert "Lieu fermé" not in html


def test_unknown_need_is_said_and_left_aside(client: Client, three: list[int]) -> None:
    html = page(client, f"lieux={three[0]}&besoin=inconnu")
    assert "La démarche demandée n’existe pas" in html
    assert "besoin=inconnu" not in html


@pytest.mark.parametrize(
    "query", ["lieux=" + ",".join(map(str, range(500))), "lieux=%FF,%C3", "lieux=" + "9," * 5000]
)
def test_any_address_is_answered(client: Client, query: str) -> None:
    page(client, query)


def test_carnet_sets_no_cookie(client: Client, three: list[int]) -> None:
    assert not client.get(f"/carnet/?lieux={three[0]}").cookies


# --- While searching ------------------------------------------------------------------------------

RESULTS = "/recherche/?ou=Gu%C3%A9ret&besoin=ameli"


def add_links(html: str) -> list[str]:
    """The addresses of "Ajouter au carnet" of a page."""
    found = re.findall(r'data-carnet-toggle="(\d+)" href="([^"]*)"', html)
    return [
        unescape(url) for number, url in found if f"carnet={number}#" in url or f",{number}#" in url
    ]


def test_adding_is_a_link_to_the_same_results_at_the_same_place(
    client: Client, three: list[int]
) -> None:
    html = client.get(RESULTS).content.decode()
    first = add_links(html)[0]
    number = first.rsplit("-", 1)[1]
    assert first == f"/recherche/?ou=Gu%C3%A9ret&besoin=ameli&carnet={number}#lieu-{number}"
    after = client.get(first).content.decode()
    assert f'id="lieu-{number}"' in after
    assert "Carnet\u00a0: 1\u00a0lieu" in after
    second = add_links(after)[0]
    assert f"carnet={number}," in second


def test_every_link_of_the_search_keeps_the_carnet(client: Client, three: list[int]) -> None:
    a, b, _ = three
    html = client.get(f"{RESULTS}&carnet={a},{b}").content.decode()
    leading = re.findall(r'href="(/(?:recherche|lieux)/[^"]*)"', html)
    ours = [url for url in leading if "classement" not in url]
    assert len(ours) > 10
    carried = [url for url in ours if "carnet=" in url]
    removed = {
        url for url in ours if url.endswith((f"carnet={a}#lieu-{b}", f"carnet={b}#lieu-{a}"))
    }
    assert len(removed) == 2
    assert [url for url in ours if url not in carried] == []


def test_every_form_of_the_search_keeps_the_carnet(client: Client, three: list[int]) -> None:
    a, b, _ = three
    for address in ("/?", f"{RESULTS}&"):
        html = client.get(f"{address}carnet={a},{b}").content.decode()
        forms = re.findall(r'<form[^>]*action="/recherche/".*?</form>', html, re.DOTALL)
        assert forms
        assert [form for form in forms if f'name="carnet" value="{a},{b}"' not in form] == []


def test_filters_taken_away_leave_the_carnet(client: Client, three: list[int]) -> None:
    a = three[0]
    html = client.get(f"{RESULTS}&acces=samedi&prix=gratuit&carnet={a}").content.decode()
    assert f"carnet={a}" in link(html, "Retirer tous les filtres")


def test_carnet_is_no_criterion_of_the_search(client: Client, three: list[int]) -> None:
    plain = client.get(RESULTS).content.decode()
    carried = client.get(f"{RESULTS}&carnet={three[0]}").content.decode()
    assert order(carried) == order(plain)
    assert re.findall("<h1>.*?</h1>", carried) == re.findall("<h1>.*?</h1>", plain)


def test_full_carnet_offers_no_more_place_and_says_so(client: Client) -> None:
    built = world.build(22)
    numbers = list(built.gueret.places.values_list("pk", flat=True))
    chosen = ",".join(map(str, numbers[:20]))
    html = client.get(f"{RESULTS}&carnet={chosen}").content.decode()
    assert "Votre carnet est plein" in html
    assert add_links(html) == []
    beyond = ",".join(map(str, numbers[:22]))
    said = client.get(f"{RESULTS}&carnet={beyond}").content.decode()
    assert "Un carnet tient 20 lieux au plus. 2 lieux n’ont pas été gardés." in said


def test_place_page_adds_itself_and_keeps_the_way_back_to_the_search(
    client: Client, three: list[int]
) -> None:
    html = client.get(
        "/lieux/france-services-gueret-0/", headers={"referer": f"http://testserver{RESULTS}"}
    ).content.decode()
    added = add_links(html)[0]
    # From the place itself, as a browser then says.
    after = client.get(
        added, headers={"referer": "http://testserver/lieux/france-services-gueret-0/"}
    ).content.decode()
    back = link(after, "Résultats")
    number = added.rsplit("-", 1)[1]
    assert back == f"{RESULTS}&carnet={number}"


def test_place_page_hands_itself_over(client: Client, three: list[int]) -> None:
    html = client.get("/lieux/france-services-gueret-0/?besoin=ameli").content.decode()
    number = three[0]
    assert f'href="/fiche/?lieux={number}&amp;besoin=ameli"' in html
    assert f'href="/partager/?lieux={number}&amp;besoin=ameli"' in html
    assert 'href="/lieux/france-services-gueret-0/contact.vcf"' in html


def test_stop_and_workshop_offer_their_dates(client: Client, three: list[int]) -> None:
    place = make.PlaceFactory.create(slug="bus")
    stop = make.StopFactory.create(place=place, opening_hours="Th[1,3] 14:00-16:30")
    service = make.ServiceFactory.create(place=place, opening_hours="We 14:00-16:00")
    html = client.get("/lieux/bus/").content.decode()
    assert f'href="/lieux/bus/passages/{stop.pk}.ics"' in html
    assert f'href="/lieux/bus/ateliers/{service.pk}.ics"' in html
    assert "Le 1er et le 3e jeudi du mois de 14\u00a0h à 16\u00a0h\u00a030" in html
    assert "chaque mercredi de 14\u00a0h à 16\u00a0h" in html
