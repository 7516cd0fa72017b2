"""Rules of reading for the national standard, v1.0.2 and v0.1, one row at a time."""

from collections.abc import Callable

import pytest
from django.conf import settings

from directory.exchange import standard, standard_row, standard_v01, vocabulary_loader
from directory.exchange.drafts import PlaceDraft
from directory.exchange.report import Report
from directory.exchange.tables import Format, Row, Table
from directory.models import Source, Term
from directory.vocabularies.names import Itinerancy, PositionPrecision, Vocabulary
from tests import factories

pytestmark = pytest.mark.django_db

V1 = {
    "id": "l1",
    "pivot": "43493312300029",
    "nom": "Espace du Canal",
    "commune": "Saint-Denis",
    "code_postal": "93200",
    "code_insee": "93066",
    "adresse": "1 rue du Canal",
    "latitude": "48.93",
    "longitude": "2.36",
    "date_maj": "2024-04-02",
}
V01_SERVICES = "Accompagner les démarches de santé;Accéder à du matériel"
MANDATE = "A ma place : une personne habilitée fait les démarches à ma place"

Read = Callable[..., tuple[list[PlaceDraft], Report]]


@pytest.fixture
def read() -> Read:
    """Read rows made of V1 and the given cells."""
    vocabulary_loader.load(settings.FIXTURES_DIR)
    factories.CommuneFactory(code="93066", name="Saint-Denis", postcode="93200")
    source = Source.objects.get_or_create(slug="essai", defaults={"name": "essai"})[0]

    def reader(
        *changes: dict[str, str], form: Format = standard.FORMAT
    ) -> tuple[list[PlaceDraft], Report]:
        rows = [Row(line, V1 | change) for line, change in enumerate(changes or ({},), start=2)]
        report = Report()
        table = Table(tuple(rows[0].cells), rows)
        return list(form.drafts(table, source, report)), report

    return reader


def codes(draft: PlaceDraft) -> tuple[set[str], set[str]]:
    """Codes of the place's terms, then of its service's."""
    own = {code for service in draft.services for _vocabulary, code in service.terms}
    return {code for _vocabulary, code in draft.terms}, own


def needs(draft: PlaceDraft) -> dict[str, str]:
    """Rule by need of the service."""
    return {need.code: need.rule for service in draft.services for need in service.needs}


def reasons(report: Report) -> list[tuple[str, str]]:
    """Column and reason of each problem."""
    return [(problem.column, problem.reason) for problem in report.problems]


# --- Vocabularies, services and needs -------------------------------------------------------------


def test_terms_are_split_between_the_place_and_its_service(read: Read) -> None:
    [draft], report = read(
        {
            "typologie": "TIERS_LIEUX|ASSO",
            "services": "Maîtrise des outils numériques du quotidien",
            "publics_specifiquement_adresses": "Jeunes|Femmes",
            "prise_en_charge_specifique": "Langues étrangères (anglais)",
            "frais_a_charge": "Gratuit sous condition",
            "dispositif_programmes_nationaux": "La Croix Rouge",
            "formations_labels": "Étapes numériques(La Poste)",
            "modalites_acces": "Se présenter",
            "modalites_accompagnement": "À distance",
        }
    )
    place, service = codes(draft)
    assert place == {
        "TIERS_LIEUX", "ASSO", "croix-rouge", "etapes-numeriques-la-poste", "se-presenter",
    }  # fmt: skip
    assert service == {
        "outils-quotidien", "jeunes", "femmes", "langues-anglais", "gratuit-sous-condition",
        "distance",
    }  # fmt: skip
    assert draft.networks == ("croix-rouge-francaise",)
    assert report.problems == []


def test_unknown_value_is_told_and_the_row_kept(read: Read) -> None:
    [draft], report = read({"frais_a_charge": "Cher|Gratuit"})
    assert codes(draft)[1] == {"gratuit"}
    [problem] = report.problems
    assert (problem.line, problem.column, problem.value) == (2, "frais_a_charge", "Cher")


def test_a_health_training_declares_and_a_programme_deduces(read: Read) -> None:
    [draft], _report = read(
        {
            "formations_labels": "Formé à « Mon Espace Santé »",
            "dispositif_programmes_nationaux": "France Services",
        }
    )
    found = needs(draft)
    assert found["mon-espace-sante"] == ""
    assert found["ameli"] == "programme:france-services"


@pytest.mark.parametrize(
    ("services", "name"),
    [
        ("Aide aux démarches administratives", "Aide aux démarches administratives"),
        (
            "Accès internet et matériel informatique|Aide aux démarches administratives",
            "Aide numérique\u00a0: démarches administratives et ordinateurs et internet",
        ),
    ],
)
def test_one_service_is_named_from_what_the_place_offers(
    read: Read, services: str, name: str
) -> None:
    [draft], _report = read({"services": services})
    assert [service.name for service in draft.services] == [name]


def test_a_place_that_tells_nothing_of_its_help_has_no_service(read: Read) -> None:
    [draft], _report = read()
    assert draft.services == ()


# --- Identity and place ---------------------------------------------------------------------------


def test_fourteen_zeros_mean_that_the_siret_is_unknown(read: Read) -> None:
    [draft], report = read({"pivot": "00000000000000"})
    assert draft.fields["pivot"] == ""
    assert report.problems == []


def test_a_repeated_id_is_rejected_and_told(read: Read) -> None:
    drafts, report = read({}, {})
    assert (len(drafts), report.rows, report.rejected) == (1, 2, 1)
    assert reasons(report) == [("id", "identifiant absent, déjà vu ou trop long")]


def test_ids_of_several_origins_are_told_apart(read: Read) -> None:
    drafts, report = read({"source": "un"}, {"source": "deux"})
    assert [draft.external_id for draft in drafts] == ["un:l1", "deux:l1"]
    assert report.rejected == 0


def test_places_of_one_name_have_their_own_address(read: Read) -> None:
    first, _report = read({"id": "a"}, {"id": "b"})
    again, _report = read({"id": "b"}, {"id": "a"})
    assert len({draft.slug for draft in first}) == 2
    assert [draft.slug for draft in again] == [draft.slug for draft in reversed(first)]


def test_a_long_name_is_cut_and_counted(read: Read) -> None:
    [draft], report = read({"nom": "x" * 300})
    assert len(draft.fields["name"]) == 200
    assert report.repairs["clipped-name"] == 1


@pytest.mark.parametrize(
    ("code", "name", "postcode", "repair"),
    [
        ("93066", "", "", ""),
        ("93999", "Saint-Denis", "93200", "commune-by-name"),
        ("", "ST DENIS CEDEX 2", "93200", ""),
        ("", "Saint Deniss", "93200", "commune-by-likeness"),
        ("", "Plaine de France", "93200", "commune-by-postcode"),
    ],
)
def test_the_commune_is_found_by_code_name_or_postcode(
    read: Read, code: str, name: str, postcode: str, repair: str
) -> None:
    [draft], report = read({"code_insee": code, "commune": name, "code_postal": postcode})
    assert draft.fields["commune"].pk == "93066"
    assert set(report.repairs) == ({repair} if repair else set())


def test_a_corsican_commune_is_found_by_name(read: Read) -> None:
    corsica = factories.DepartmentFactory(code="2B", name="Haute-Corse")
    factories.CommuneFactory(code="2B033", name="Bastia", department=corsica, postcode="20200")
    [draft], _report = read({"code_insee": "", "commune": "Bastia", "code_postal": "20600"})
    assert draft.fields["commune"].pk == "2B033"


def test_an_unknown_commune_rejects_the_row(read: Read) -> None:
    drafts, report = read({"code_insee": "", "commune": "Nulle-Part", "code_postal": "01000"})
    assert drafts == []
    assert (report.rejected, reasons(report)) == (1, [("commune", "commune inconnue")])


def test_a_point_far_from_its_commune_gives_way_to_its_centre(read: Read) -> None:
    [draft], report = read({"latitude": "43.5", "longitude": "5.4"})
    assert draft.fields["position_precision"] == PositionPrecision.COMMUNE
    assert draft.fields["latitude"] == pytest.approx(factories.SAINT_DENIS[0])
    assert report.repairs["point-too-far"] == 1


def test_a_place_may_be_fixed_and_itinerant(read: Read) -> None:
    [draft], _report = read({"itinerance": "Itinérant|Fixe"})
    assert draft.fields["itinerancy"] == Itinerancy.BOTH


@pytest.mark.parametrize(
    ("cell", "operator", "group"),
    [
        ("Ligue de l'Enseignement", "Ligue de l’Enseignement", ""),
        ("Pays du Canal", "", "Pays du Canal"),
        ("Mairie", "Commune de Saint-Denis", ""),
        ("Ville", "", "Ville"),
        ("43493312300029", "", ""),
    ],
)
def test_only_an_organisation_becomes_the_operator(
    read: Read, cell: str, operator: str, group: str
) -> None:
    [draft], _report = read({"structure_parente": cell})
    assert (draft.operator.name if draft.operator else "") == operator
    assert draft.fields["group_name"] == group


# --- v0.1 -----------------------------------------------------------------------------------------


def test_v01_values_follow_the_official_mapping(read: Read) -> None:
    [draft], report = read(
        {
            "services": V01_SERVICES,
            "labels_nationaux": "CNFS;France Services",
            "conditions_access": "Adhésion : L'accès au lieu et/ou à ses services nécessite d'y "
            "adhérer",
            "publics_accueillis": "Adultes;Surdité;Seniors (+ 65 ans)",
            "modalites_accompagnement": MANDATE,
            "courriel": "accueil@lieu.example",
        },
        form=standard_v01.FORMAT,
    )
    place, service = codes(draft)
    assert place == {"conseillers-numeriques", "france-services"}
    assert service == {
        "demarches-administratives", "acces-materiel", "payant", "surdite", "seniors", "individuel",
        "mandat",
    }  # fmt: skip
    assert draft.fields["emails"] == ["accueil@lieu.example"]
    assert report.dropped == {"publics_accueillis sans équivalent, Adultes": 1}
    assert report.problems == []


def test_v01_health_service_declares_health_tasks(read: Read) -> None:
    [draft], _report = read({"services": V01_SERVICES}, form=standard_v01.FORMAT)
    assert needs(draft)["demarche-sante"] == ""


def test_v01_unknown_value_is_told_under_the_files_own_column(read: Read) -> None:
    [draft], report = read(
        {"services": V01_SERVICES, "labels_nationaux": "Inconnu", "courriel": "x"},
        form=standard_v01.FORMAT,
    )
    assert draft.external_id == "l1"
    assert [problem.column for problem in report.problems] == ["labels_nationaux", "courriel"]


def test_every_mapped_value_exists_in_the_vocabularies(read: Read) -> None:
    mapping = standard_v01.Mapping()
    known = {(term.vocabulary, term.published) for term in Term.objects.exclude(published="")}
    targets = {
        (standard_row.VOCABULARY_COLUMNS[column].value, published)
        for values in mapping.values.values()
        for column, published in values
    }
    assert targets - known == set()
    assert {v for v, _code in mapping.terms.values()} == {Vocabulary.SUPPORT_MODE}
