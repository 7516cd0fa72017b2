"""What every address of the API does alike: who may read, errors, 304, its description and page."""

import html
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse

from directory.api.api import api
from directory.api.description import ROOT, describe
from directory.models import Place
from directory.search import gazetteer
from directory.search.live import live
from mediation.middleware import MAX_QUERY_STRING
from tests import factories as make
from tests.serving import as_served

pytestmark = pytest.mark.django_db

VIEW = "bbox=0.5,45,3.5,47&zoom=9"
LISTS = (
    "/places", "/places.geojson", "/actors", "/services", "/needs", "/vocabularies", "/facets",
    "/territories/regions", "/territories/departments", "/territories/communes",
    "/data-inclusion/structures", "/data-inclusion/services", "/suggestions?champ=ou&q=gu",
    f"/map?{VIEW}", "/openapi.json",
)  # fmt: skip


@pytest.fixture(autouse=True)
def gueret() -> Iterator[Place]:
    """Guéret, with a place that an actor runs."""
    gazetteer.clear()
    department = make.DepartmentFactory.create(code="23", name="Creuse")
    commune = make.CommuneFactory.create(
        code="23096", name="Guéret", department=department, latitude=46.17, longitude=1.87
    )
    actor = make.ActorFactory.create(slug="agence")
    made: Place = make.PlaceFactory.create(
        commune=commune, latitude=46.17, longitude=1.87, operator=actor
    )
    make.ServiceFactory.create(place=made, needs=["ameli"])
    yield made
    gazetteer.clear()


def get(path: str, **headers: str) -> Any:
    return Client().get(f"{ROOT}{path}", headers=headers)


def problem(response: Any, status: int) -> dict[str, Any]:
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    told: dict[str, Any] = response.json()
    assert told["status"] == status
    assert told["title"]
    assert told["detail"]
    return told


# --- Who may read ---------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [*LISTS, "/nothing", "/places?limit=0", "/places/999999"])
def test_any_site_may_read_every_answer_without_credentials(path: str) -> None:
    response = get(path, origin="https://ailleurs.example")
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in response
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


def test_preflight_allows_reading_only() -> None:
    response = Client().options(
        f"{ROOT}/places",
        headers={"origin": "https://ailleurs.example", "access-control-request-method": "GET"},
    )
    assert (response.status_code, response.content) == (204, b"")
    assert response["Access-Control-Allow-Methods"] == response["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
def test_writing_is_refused_with_what_is_allowed(method: str) -> None:
    response = getattr(Client(enforce_csrf_checks=True), method)(f"{ROOT}/places")
    problem(response, 405)
    assert response["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("path", LISTS)
def test_head_answers_as_get_does(path: str) -> None:
    head, whole = Client().head(f"{ROOT}{path}"), get(path)
    assert (head.status_code, head.content) == (200, b"")
    assert head["Content-Type"] == whole["Content-Type"]


# --- Errors ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    ["/nothing", "/places/0", f"/places/{10**30}", "/places/x", "/actors/absent", "/services/0",
     "/territories/communes/00000", "/territories/regions/zz", "/territories/departments/zz"],
)  # fmt: skip
def test_what_does_not_exist_is_a_problem_404(path: str) -> None:
    problem(get(path), 404)


@pytest.mark.parametrize(
    ("path", "accept"),
    [("/places", "text/csv"), ("/places.geojson", "text/html"), ("/map/places?id=1", "image/png")],
)
def test_format_that_is_not_offered_is_refused(path: str, accept: str) -> None:
    problem(get(path, accept=accept), 406)


@pytest.mark.parametrize(
    "accept", ["*/*", "application/json", "application/*", "text/html,*/*;q=0.8"]
)
@pytest.mark.parametrize("path", ["/places", "/places.geojson"])
def test_usual_readers_are_answered(path: str, accept: str) -> None:
    assert get(path, accept=accept).status_code == 200


def test_address_too_long_is_a_problem_414() -> None:
    problem(get(f"/places?q={'a' * (MAX_QUERY_STRING + 1)}"), 414)


@pytest.mark.parametrize("path", ["/places?q=%00", "/territories/communes/%00"])
def test_bytes_of_no_text_are_a_problem_400(path: str) -> None:
    problem(get(path), 400)


def test_fault_of_ours_is_a_problem_500(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("directory.search.finder.current_index", broken)
    client = Client(raise_request_exception=False)
    problem(client.get(f"{ROOT}/places"), 500)


@pytest.mark.parametrize(
    "path",
    ["/places", "/actors", "/services", "/needs", "/vocabularies", "/facets", "/places/1",
     "/territories/regions", "/territories/departments", "/territories/communes",
     "/data-inclusion/structures", "/data-inclusion/services"],
)  # fmt: skip
def test_unknown_parameter_is_refused_by_name(path: str) -> None:
    told = problem(get(f"{path}?inconnu=1"), 400)
    assert [error["parameter"] for error in told["errors"]] == ["inconnu"]


def test_errors_of_pages_are_still_pages() -> None:
    assert Client().get("/lieux/absent/")["Content-Type"].startswith("text/html")


# --- Unchanged ------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", LISTS)
def test_answer_that_has_not_changed_is_304_and_an_edit_ends_it(path: str) -> None:
    with as_served():
        tag = get(path)["ETag"]
        again = get(path, **{"if-none-match": tag})
        assert (again.status_code, again.content) == (304, b"")
        assert again["Access-Control-Allow-Origin"] == "*"
        Place.objects.update(name="Autre nom")
        live.refresh()
        assert get(path, **{"if-none-match": tag}).status_code == 200


def test_new_release_ends_what_browsers_keep(settings: Any) -> None:
    with as_served():
        tag = get("/places")["ETag"]
        settings.RELEASE = "another"
        assert get("/places", **{"if-none-match": tag}).status_code == 200


# --- Aliases --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (f"/carte.geojson?{VIEW}", f"/map?{VIEW}"),
        (f"/carte.geojson?{VIEW}&ou=Guéret&besoin=rien", f"/map?{VIEW}&ou=Guéret&besoin=rien"),
        ("/carte.geojson?zoom=99", "/map?zoom=99"),
        (f"/acteurs/agence/carte.geojson?{VIEW}", f"/actors/agence/map?{VIEW}"),
        ("/facettes.json?ou=Guéret", "/facets?ou=Guéret"),
        ("/facettes.json?inconnu=1", "/facets?inconnu=1"),
        ("/suggestions/?champ=ou&q=gu", "/suggestions?champ=ou&q=gu"),
        ("/suggestions/?champ=dit&q=am", "/suggestions?champ=dit&q=am"),
        ("/suggestions/?champ=x", "/suggestions?champ=x"),
        ("/carte/lieux/?id=x", "/map/places?id=x"),
    ],
)
def test_older_address_answers_the_same_bytes(old: str, new: str) -> None:
    first, second = Client().get(old), get(new)
    assert first.content == second.content
    assert first.status_code == second.status_code
    assert first["Content-Type"] == second["Content-Type"]
    assert first.get("Cache-Control") == second.get("Cache-Control")


def test_older_address_of_a_maps_places_answers_the_same_bytes(gueret: Place) -> None:
    old = Client().get(f"/carte/lieux/?id={gueret.pk}&besoin=ameli")
    assert old.status_code == 200
    assert gueret.name in old.text
    assert old.content == get(f"/map/places?id={gueret.pk}&besoin=ameli").content


# --- Its description, its page --------------------------------------------------------------------


def test_description_is_openapi_3_1_and_tells_every_address() -> None:
    told = get("/openapi.json").json()
    assert told["openapi"].startswith("3.1.")
    assert told == describe(api)
    routes = [str(pattern.pattern) for pattern in api.urls[0]]
    written = {re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route) for route in routes if route}
    assert {path.removeprefix(f"{ROOT}/") for path in told["paths"]} == written


def test_page_tells_every_address_and_parameter_without_script() -> None:
    page = Client().get(reverse("directory:api:documentation")).text
    for path, item in describe(api)["paths"].items():
        assert f"GET {path.removeprefix(ROOT)}<" in page
        for parameter in item["get"]["parameters"]:
            assert parameter["in"] == "path" or f"<code>{parameter['name']}</code>" in page
    main = page.partition("<main")[2].partition("</main>")[0]
    assert "<script" not in main
    assert " style=" not in main


def test_examples_of_the_page_are_read() -> None:
    """An example may name an actor that this small world lacks; none may be refused."""
    make.RegionFactory.create(code="75")
    page = html.unescape(Client().get(f"{ROOT}/").text)
    paths = re.findall(r'curl "http://testserver([^"]+)"', page)
    statuses = {path: Client().get(path).status_code for path in paths}
    assert len(paths) > 20
    assert {path for path, status in statuses.items() if status not in {200, 404}} == set()


def test_accented_commune_is_read_as_pages_do() -> None:
    told = get(f"/places?ou={quote('Guéret (23)')}").json()
    assert told["where"]["code"] == "23096"
