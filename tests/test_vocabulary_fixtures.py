"""The vocabularies, needs and helplines shipped as fixtures hold together, without a database."""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import phonenumbers
import pytest
from opening_hours import OpeningHours

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
NBSP = "\u00a0"
KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
VOCABULARIES = [
    "kind", "standard_service", "activity", "support_mode", "access", "way_in", "public",
    "special_care", "cost", "programme", "training_label", "equipment", "language",
]  # fmt: skip

# Values of the national standard v1.0.2, in its order. The published pattern of formations_labels
# lacks the space of « Étapes numériques (La Poste) »; every published file has it.
STANDARD: dict[str, list[str]] = {
    "standard_service": [
        "Aide aux démarches administratives", "Maîtrise des outils numériques du quotidien",
        "Insertion professionnelle via le numérique", "Utilisation sécurisée du numérique",
        "Parentalité et éducation avec le numérique", "Loisirs et créations numériques",
        "Compréhension du monde numérique", "Accès internet et matériel informatique",
        "Acquisition de matériel informatique à prix solidaire",
    ],
    "public": ["Jeunes", "Étudiants", "Familles et/ou enfants", "Seniors", "Femmes"],
    "special_care": [
        "Surdité", "Handicaps moteurs", "Handicaps mentaux", "Illettrisme",
        "Langues étrangères (anglais)", "Langues étrangères (autres)", "Déficience visuelle",
    ],
    "cost": ["Gratuit", "Gratuit sous condition", "Payant"],
    "programme": [
        "Aidants Connect", "Bibliothèques numérique de référence", "Certification PIX",
        "Conseillers numériques", "Emmaüs Connect", "France Services", "Grande école du numérique",
        "La Croix Rouge", "Point d'accès numérique CAF", "Promeneurs du net",
        "Relais numérique (Emmaüs Connect)",
    ],
    "training_label": [
        "Formé à « Mon Espace Santé »", "Formé à « DUPLEX » (illettrisme)",
        "Arnia/MedNum BFC (Bourgogne-Franche-Comté)",
        "Collectif ressources et acteurs réemploi (Normandie)", "Étapes numériques (La Poste)",
        "Fabriques de Territoire", "Les Éclaireurs du numérique (Drôme)",
        "Mes Papiers (Métropole de Lyon)", "ORDI 3.0", "SUD LABS (PACA)",
    ],
    "access": [
        "Se présenter", "Téléphoner", "Contacter par mail", "Prendre un RDV en ligne",
        "Ce lieu n'accueille pas de public", "Envoyer un mail avec une fiche de prescription",
    ],
    "support_mode": [
        "En autonomie", "Accompagnement individuel", "Dans un atelier collectif", "À distance",
    ],
}  # fmt: skip
OWN = ["activity", "way_in", "equipment", "language"]

# Services of the standard v0.1, as data·inclusion v0 spells them after « numerique-- ».
V01_SERVICES = {
    "devenir-autonome-dans-les-demarches-administratives",
    "realiser-des-demarches-administratives-avec-un-accompagnement",
    "accompagner-les-demarches-de-sante", "prendre-en-main-un-smartphone-ou-une-tablette",
    "prendre-en-main-un-ordinateur", "utiliser-le-numerique-au-quotidien",
    "approfondir-ma-culture-numerique", "promouvoir-la-citoyennete-numerique",
    "favoriser-mon-insertion-professionnelle", "creer-et-developper-mon-entreprise",
    "acceder-a-une-connexion-internet", "acceder-a-du-materiel",
    "s-equiper-en-materiel-informatique", "creer-avec-le-numerique",
    "soutenir-la-parentalite-et-l-education-avec-le-numerique",
}  # fmt: skip
# Digital and health themes of data·inclusion (schemas v0.27 and v1.0.8) that a need may lean on.
THEMES = {f"numerique--{service}" for service in V01_SERVICES} | {
    "equipement-et-alimentation--acces-a-du-materiel-informatique",
    "equipement-et-alimentation--acces-a-un-telephone-et-un-abonnement",
    "handicap--faire-reconnaitre-un-handicap", "illettrisme--utiliser-numerique",
    "mobilite--comprendre-et-utiliser-les-transports-en-commun",
    "numerique--acceder-a-des-services-en-ligne", "numerique--acquerir-un-equipement",
    "numerique--maitriser-les-fondamentaux-du-numerique", "sante--acces-aux-soins",
    "sante--constituer-un-dossier-mdph-invalidite",
    "sante--obtenir-la-prise-en-charge-de-frais-medicaux", "se-former--utiliser-le-numerique",
}  # fmt: skip
MINIMUM_SYNONYMS = {"fr": 8, "en": 3, "ar": 2}
NEED_CODES = {
    "demarche-sante", "ameli", "mon-espace-sante", "rendez-vous", "teleconsultation",
    "carte-vitale", "remboursements", "css", "ame", "renouveler-droits", "mdph", "hopital",
    "resultats", "information-sante", "donnees-sante", "trajet", "franceconnect", "equipement",
    "bases", "suivi-maladie",
}  # fmt: skip


def read(name: str) -> dict[str, Any]:
    return dict(json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8")))


VOCABULARY = {name: read(f"vocabularies/{name}") for name in VOCABULARIES}
NEEDS: list[dict[str, Any]] = read("needs")["needs"]
HELPLINES: list[dict[str, Any]] = read("helplines")["helplines"]


def codes(vocabulary: str) -> list[str]:
    return [term["code"] for term in VOCABULARY[vocabulary]["terms"]]


def comparable(text: str) -> str:
    """Lower case without accents, as the search compares words."""
    decomposed = unicodedata.normalize("NFKD", text.lower().replace("’", "'"))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).strip()


def screen_texts() -> Iterator[tuple[str, str]]:
    """Every French text of the fixtures that a page may show, with where it comes from."""
    for name, vocabulary in VOCABULARY.items():
        yield name, vocabulary["label"]
        for term in vocabulary["terms"]:
            yield f"{name}/{term['code']}", term["label"]
            yield f"{name}/{term['code']}", term["description"]
    for need in NEEDS:
        for key in ("label", "short_label", "explanation", "ask"):
            yield f"needs/{need['code']}", need[key]
        for text in need["bring"] + need["synonyms"]["fr"]:
            yield f"needs/{need['code']}", text
    for line in HELPLINES:
        for key in ("name", "hours_text", "cost", "for", "relay_for_deaf"):
            yield f"helplines/{line['code']}", line[key]


def typography_faults(text: str) -> list[str]:
    faults = {
        "straight apostrophe": "'" in text,
        "straight quote": '"' in text,
        "no insecable space before high punctuation": re.search(rf"(?<!{NBSP})[:;?!»]", text),
        "no insecable space after «": re.search(rf"«(?!{NBSP})", text),
        "double or outer space": "  " in text or text != text.strip(),
    }
    return [fault for fault, found in faults.items() if found]


def test_every_vocabulary_has_its_file_and_no_other() -> None:
    assert {path.stem for path in (FIXTURES / "vocabularies").glob("*.json")} == set(VOCABULARIES)
    for name, vocabulary in VOCABULARY.items():
        assert vocabulary["vocabulary"] == name
        assert all(vocabulary[key] for key in ("label", "source", "licence"))


@pytest.mark.parametrize("name", sorted(STANDARD))
def test_every_published_value_is_present_once(name: str) -> None:
    published = [term["published"] for term in VOCABULARY[name]["terms"] if term["published"]]
    assert published == STANDARD[name]


@pytest.mark.parametrize("name", OWN)
def test_own_vocabularies_claim_no_published_value(name: str) -> None:
    assert {term["published"] for term in VOCABULARY[name]["terms"]} == {""}


def test_kinds_of_place_are_the_published_ones() -> None:
    kinds = {term["code"]: term for term in VOCABULARY["kind"]["terms"]}
    assert len(kinds) == 92
    assert all(term["published"] == code for code, term in kinds.items())
    assert {"ACI", "Autre", "BIB", "CCAS", "CPAM", "EPN", "LA_POSTE", "RFS", "UDAF"} <= set(kinds)


def test_typos_of_published_kinds_are_kept_beside_their_correction() -> None:
    kinds = {term["code"]: term for term in VOCABULARY["kind"]["terms"]}
    assert kinds["EPN"]["published_label"] == "Espace publique numérique"
    assert kinds["EPN"]["label"] == "Espace public numérique"
    assert kinds["ESS"]["published_label"] == "Entreprise def l'Économie Sociale et Solidaire"
    assert "def" not in kinds["ESS"]["label"].split()


def test_emergency_shelter_is_not_taken_for_a_hospital() -> None:
    labels = [term["label"] for term in VOCABULARY["kind"]["terms"] if term["code"] == "CHU"]
    assert labels == ["Centre d’hébergement d’urgence"]


@pytest.mark.parametrize("name", VOCABULARIES)
def test_codes_and_labels_are_unique(name: str) -> None:
    terms = VOCABULARY[name]["terms"]
    for key in ("code", "label"):
        assert [v for v, n in Counter(term[key] for term in terms).items() if n > 1] == []


@pytest.mark.parametrize("name", [name for name in VOCABULARIES if name != "kind"])
def test_codes_are_kebab_case(name: str) -> None:
    assert [code for code in codes(name) if not KEBAB.fullmatch(code)] == []


def test_terms_have_a_label_and_descriptions_are_sentences() -> None:
    for vocabulary in VOCABULARY.values():
        for term in vocabulary["terms"]:
            assert term["label"], term
            assert term["description"] == "" or term["description"].endswith("."), term


def test_french_typography_is_respected() -> None:
    faults = {text: typography_faults(text) for _, text in screen_texts()}
    assert {text: found for text, found in faults.items() if found} == {}


def test_all_needs_are_there_in_order() -> None:
    assert sorted(need["code"] for need in NEEDS) == sorted(NEED_CODES)
    positions = [need["position"] for need in NEEDS]
    assert positions == sorted(set(positions))


def test_health_needs_have_the_health_parent() -> None:
    roots = {"demarche-sante", "bases", "equipement", "franceconnect", "trajet"}
    parents = {need["code"]: need["parent"] for need in NEEDS}
    assert {code for code, parent in parents.items() if parent is None} == roots
    assert {parent for parent in parents.values() if parent} == {"demarche-sante"}


def test_helplines_of_needs_exist_and_are_unique() -> None:
    known = [line["code"] for line in HELPLINES]
    assert len(known) == len(set(known))
    assert {code for need in NEEDS for code in need["helplines"]} <= set(known)


def test_mappings_of_needs_resolve() -> None:
    known = {name: set(codes(name)) for name in ("standard_service", "training_label", "programme")}
    known |= {"v01_service": V01_SERVICES, "data_inclusion_thematique": THEMES}
    for need in NEEDS:
        for mapping in need["mappings"]:
            assert set(mapping) == {"vocabulary", "code"}
            assert mapping["code"] in known[mapping["vocabulary"]], (need["code"], mapping)


@pytest.mark.parametrize(
    ("vocabulary", "code", "expected"),
    [
        ("programme", "france-services", {"ameli", "remboursements", "carte-vitale"}),
        ("programme", "aidants-connect", {"css", "carte-vitale"}),
        ("training_label", "mon-espace-sante", {"mon-espace-sante"}),
        ("v01_service", "accompagner-les-demarches-de-sante", {"demarche-sante"}),
        ("standard_service", "materiel-prix-solidaire", {"equipement"}),
    ],
)
def test_a_label_leads_only_to_the_needs_it_covers(
    vocabulary: str, code: str, expected: set[str]
) -> None:
    mapping = {"vocabulary": vocabulary, "code": code}
    assert {need["code"] for need in NEEDS if mapping in need["mappings"]} == expected


def test_tiles_fit_and_have_their_own_pictogram() -> None:
    assert [need["code"] for need in NEEDS if not 0 < len(need["short_label"]) <= 28] == []
    assert len({need["pictogram"] for need in NEEDS}) == len(NEEDS)
    assert sum(need["in_home"] for need in NEEDS) == 9


def test_each_need_says_what_to_ask_and_bring() -> None:
    for need in NEEDS:
        assert all(need[key] for key in ("label", "ask", "bring")), need["code"]
        assert 2 <= len(re.findall(r"[.?!](?=\s|$)", need["explanation"])) <= 4, need["code"]


def test_nobody_is_told_to_bring_a_password() -> None:
    items = " ".join(item for need in NEEDS for item in need["bring"])
    assert re.search(r"mots? de passe", items) is None


def test_each_need_has_enough_synonyms() -> None:
    for need in NEEDS:
        found = {language: len(words) for language, words in need["synonyms"].items()}
        too_few = [lang for lang, least in MINIMUM_SYNONYMS.items() if found[lang] < least]
        assert too_few == [], need["code"]
        assert set(found) <= set(codes("language"))


def test_no_synonym_belongs_to_two_needs() -> None:
    owners: dict[str, set[str]] = {}
    for need in NEEDS:
        names = [need["label"], need["short_label"]]
        for words in [names, *need["synonyms"].values()]:
            for word in words:
                owners.setdefault(comparable(word), set()).add(need["code"])
    assert {word: needs for word, needs in owners.items() if len(needs) > 1} == {}


def test_helplines_can_be_dialled_and_are_no_mobile() -> None:
    for line in HELPLINES:
        phone = line["phone"]
        assert phone == "" or re.sub(r"\D", "", line["display"])[-9:] in phone, line["code"]
        if phone.startswith("+"):
            assert phonenumbers.is_valid_number(phonenumbers.parse(phone)), line["code"]
            assert not phone.startswith(("+336", "+337")), line["code"]
        else:
            assert re.fullmatch(r"|1\d{1,2}|3\d{3}", phone), line["code"]


def test_helplines_have_readable_hours_and_a_source() -> None:
    for line in HELPLINES:
        if line["hours"]:
            OpeningHours(line["hours"])
        assert all(line[key] for key in ("name", "hours_text", "cost", "for", "checked"))
        assert all(line[key].startswith("https://") for key in ("url", "source"))
        assert set(line["languages"]) <= set(codes("language"))
