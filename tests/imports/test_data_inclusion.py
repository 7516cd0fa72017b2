"""data·inclusion, v1 and v0: structures joined to their services, this directory's field only."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from directory.exchange.importing import ImportRefusedError, Mode, Request, run
from directory.exchange.place_state import area_code
from directory.exchange.report import Report
from directory.models import Place, PlaceSource, Service, Term
from directory.vocabularies.names import Basis
from tests.imports.lists import ready

STRUCTURE = {
    "id": "s1",
    "source": "dora",
    "nom": "Espace du Canal",
    "date_maj": "2024-04-02",
    "siret": "43493312300029",
    "commune": "Saint-Denis",
    "code_postal": "93200",
    "code_insee": "93066",
    "adresse": "1 rue du Canal",
    "latitude": 48.9362,
    "longitude": 2.3574,
    "telephone": "0199001234",
    "courriel": "accueil@lieu.example",
}
V1 = STRUCTURE | {
    "description": "Un lieu pour tous.",
    "horaires_accueil": "Mo-Fr 09:00-12:00",
    "accessibilite_lieu": None,
    "reseaux_porteurs": ["ccas-cias", "france-service"],
    "lien_source": None,
}
V0 = STRUCTURE | {
    "antenne": False,
    "rna": None,
    "presentation_resume": "Un lieu pour tous.",
    "horaires_ouverture": "Mo-Fr 09:00-12:00",
    "accessibilite": None,
    "labels_nationaux": ["france-service"],
    "typologie": "CCAS",
    "thematiques": [],
    "lien_source": None,
}
SERVICE = {
    "id": "a",
    "structure_id": "s1",
    "source": "dora",
    "nom": "Atelier internet",
    "thematiques": ["numerique--maitriser-les-fondamentaux-du-numerique"],
}
V1_SERVICE = SERVICE | {
    "description": "Apprendre à son rythme.",
    "frais": "gratuit",
    "modes_accueil": ["en-presentiel", "a-distance"],
    "modes_mobilisation": ["telephoner"],
    "publics": ["seniors", "personnes-exilees"],
    "type": "atelier",
    "lien_mobilisation": "https://lieu.example/rdv",
    "contact_nom_prenom": "Camille Exemple",
}


@pytest.fixture(autouse=True)
def _directory(db: Any) -> None:
    ready()


def imported(folder: Path, structures: list[Any], services: list[Any] | None = None) -> Report:
    """Import both files as JSON."""
    paths = []
    for name, content in (("structures", structures), ("services", services)):
        if content is not None:
            paths.append(folder / f"{name}.json")
            paths[-1].write_text(json.dumps(content), encoding="utf-8")
    return run(Request("data-inclusion", tuple(paths), Mode.RUN))


@pytest.mark.parametrize(("structure", "version"), [(V1, "version 1"), (V0, "version 0")])
def test_a_structure_of_both_versions_is_read(
    tmp_path: Path, structure: dict[str, Any], version: str
) -> None:
    report = imported(tmp_path, [structure])
    place = Place.objects.get()
    assert (version in report.format_name, report.problems) == (True, [])
    assert (place.name, place.phone, place.emails, place.opening_hours) == (
        "Espace du Canal", "+33199001234", ["accueil@lieu.example"], "Mo-Fr 09:00-12:00",
    )  # fmt: skip
    assert place.pivot == "43493312300029"
    assert "Un lieu pour tous." in {place.summary, place.description}
    assert {term.code for term in place.terms.all()} == {"CCAS", "france-services"}


def test_a_service_is_joined_with_all_that_it_says(tmp_path: Path) -> None:
    report = imported(tmp_path, [V1], [V1_SERVICE])
    service = Place.objects.get().services.get(external_id="a")
    assert (service.name, service.booking_url) == ("Atelier internet", "https://lieu.example/rdv")
    assert {term.code for term in service.terms.all()} == {
        "outils-quotidien", "gratuit", "distance", "seniors", "exiles", "atelier",
    }  # fmt: skip
    assert "telephoner" in {term.code for term in Place.objects.get().terms.all()}
    assert service.service_needs.get(need__code="bases").basis == Basis.DEDUCED
    assert report.dropped["nom d’une personne à contacter"] == 1


def test_a_health_theme_declares_the_need(tmp_path: Path) -> None:
    themes = {"thematiques": ["numerique--accompagner-les-demarches-de-sante"]}
    imported(tmp_path, [V0], [SERVICE | themes])
    needs = Place.objects.get().services.get(external_id="a").service_needs
    assert needs.get(need__code="demarche-sante").basis == Basis.DECLARED


def test_services_out_of_the_field_are_counted_and_their_structures_left_out(
    tmp_path: Path,
) -> None:
    other = V1 | {"id": "s2"}
    mobility = SERVICE | {"id": "b", "structure_id": "s2", "thematiques": ["mobilite--permis"]}
    report = imported(tmp_path, [V1, other], [SERVICE, mobility])
    assert (report.added, report.rejected) == (1, 1)
    assert report.refused["aucun service numérique ni de santé"] == 1
    assert report.dropped["service hors du champ, mobilite"] == 1


def test_a_service_without_its_structure_is_told(tmp_path: Path) -> None:
    report = imported(tmp_path, [V1], [SERVICE, SERVICE | {"id": "b", "structure_id": "s9"}])
    assert [(p.line, p.column) for p in report.problems] == [(2, "structure_id")]


def test_services_without_the_structures_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportRefusedError, match="il faut un fichier de lieux"):
        imported(tmp_path, [SERVICE])


@pytest.mark.parametrize("cell", ["a|b", "a;b", "a, b", '["a", "b"]', "{a,b}"])
def test_lists_of_codes_are_read_however_an_export_parts_them(cell: str) -> None:
    from directory.exchange.data_inclusion_services import codes_of

    assert codes_of(cell) == ["a", "b"]


def test_every_code_of_the_correspondence_exists_here() -> None:
    path = settings.FIXTURES_DIR / "data_inclusion_mapping.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    known = set(Term.objects.values_list("vocabulary", "code"))
    targets = {
        (vocabulary, code)
        for table in content.values()
        if isinstance(table, dict)
        for vocabulary, codes in table.items()
        for code in codes.values()
    }
    assert targets - known == set()


# --- What a service says for itself ---------------------------------------------------------------


def service_with(folder: Path, **cells: Any) -> Service:
    """The service once it says more."""
    imported(folder, [V1], [V1_SERVICE | cells])
    found: Service = Service.objects.get(external_id="a")
    return found


@pytest.mark.parametrize(
    ("codes", "areas"),
    [
        (["france"], {"france"}),
        (["99100", "93"], {"france"}),
        (["93", "93066"], {"department:93", "commune:93066"}),
        (None, set()),
    ],
)
def test_the_zone_of_a_service_is_kept(tmp_path: Path, codes: Any, areas: set[str]) -> None:
    service = service_with(tmp_path, zone_eligibilite=codes)
    assert {area_code(area) for area in service.areas.all()} == areas


def test_a_zone_of_v0_is_kept_and_an_unknown_one_told(tmp_path: Path) -> None:
    zone = {"zone_diffusion_type": "departement", "zone_diffusion_code": "93"}
    imported(tmp_path, [V0], [SERVICE | zone])
    assert [area_code(area) for area in Service.objects.get(external_id="a").areas.all()] == [
        "department:93"
    ]
    report = imported(tmp_path, [V1], [V1_SERVICE | {"zone_eligibilite": ["00000", "200093201"]}])
    assert report.left_out["zone inconnue"] == 1
    assert report.dropped["zone d’un service, intercommunalité"] == 1


def test_hours_address_and_contacts_of_a_service_are_kept_where_they_are_its_own(
    tmp_path: Path,
) -> None:
    service = service_with(
        tmp_path,
        horaires_accueil="Tu 14:00-16:00",
        adresse="3 rue du Port",
        code_postal="93500",
        commune="Pantin",
        telephone="+33199005678",
        courriel="ateliers@lieu.example",
    )
    assert service.opening_hours == "Tu 14:00-16:00"
    assert service.area_note == "Sur place\u00a0: 3 rue du Port, 93500 Pantin"
    assert service.how_to_book.replace("\u00a0", " ") == (
        "Téléphone : 01 99 00 56 78. Courriel : ateliers@lieu.example"
    )


def test_what_a_service_repeats_of_its_structure_is_told_once(tmp_path: Path) -> None:
    names = ("adresse", "code_postal", "commune", "telephone", "courriel")
    service = service_with(tmp_path, **{name: STRUCTURE[name] for name in names})
    assert (service.area_note, service.how_to_book) == ("", "")


def test_a_nominative_address_of_a_service_is_not_kept(tmp_path: Path) -> None:
    service = service_with(tmp_path, courriel="camille.exemple@lieu.example")
    assert service.how_to_book == ""


def test_a_service_with_its_own_zone_changes_nothing_the_second_time(tmp_path: Path) -> None:
    more = {"zone_eligibilite": ["93", "93066"], "horaires_accueil": "Tu 14:00-16:00"}
    service_with(tmp_path, **more)
    PlaceSource.objects.update(content_hash="")
    assert imported(tmp_path, [V1], [V1_SERVICE | more]).unchanged == 1
