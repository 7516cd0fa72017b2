"""Mappings: a producer's own columns become the standard's; a wrong one is told in words."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from directory.exchange import mapping_loader
from directory.exchange.mapping_text import MappingError
from directory.exchange.report import Report
from directory.models import ImportMapping, Place
from directory.vocabularies.names import Itinerancy
from tests.accounts import sign_in
from tests.imports.lists import load, ready

SHIPPED = settings.FIXTURES_DIR / "mappings"
LEAST = """
titre = "Lieux du département"
reconnaitre = ["Nom du lieu"]
[champs]
id = "N°"
nom = "Nom du lieu"
commune = "Ville"
code_postal = "CP"
"""
HEADER = "N°;Nom du lieu;Ville;CP"
LINE = "7;Médiathèque;Saint-Denis;93200"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _directory(db: Any) -> None:
    ready()


def imported(folder: Path, mapping: str, header: str, *lines: str) -> Report:
    """Import a list with a mapping kept in the database."""
    mapping_loader.check(mapping)
    ImportMapping.objects.create(slug="essai", text=mapping)
    path = folder / "liste.csv"
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return load(path)


def service_terms() -> set[str]:
    """Codes of the terms of the only place's service."""
    return {term.code for term in Place.objects.get().services.get().terms.all()}


def test_a_file_is_recognised_by_the_columns_that_a_mapping_names(tmp_path: Path) -> None:
    report = imported(tmp_path, LEAST, HEADER, LINE)
    place = Place.objects.get()
    assert report.format_name == "format « Lieux du département »"
    assert (place.name, place.commune_id, place.postcode) == ("Médiathèque", "93066", "93200")


def test_a_mapping_that_is_not_active_must_be_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "liste.csv"
    path.write_text(f"{HEADER}\n{LINE}\n", encoding="utf-8")
    ImportMapping.objects.create(slug="essai", text=LEAST, is_active=False)
    with pytest.raises(CommandError, match="Colonnes absentes"):
        call_command("import_places", "liste", str(path), verbosity=0)
    assert load(path, mapping="essai").added == 1


def test_a_mapping_may_be_a_file(tmp_path: Path) -> None:
    path, mapping = tmp_path / "liste.csv", tmp_path / "essai.toml"
    path.write_text(f"{HEADER}\n{LINE}\n", encoding="utf-8")
    mapping.write_text(LEAST, encoding="utf-8")
    assert load(path, mapping=str(mapping)).added == 1


def test_an_unknown_mapping_is_refused_with_those_that_exist(tmp_path: Path) -> None:
    ImportMapping.objects.create(slug="essai", text=LEAST)
    path = tmp_path / "liste.csv"
    path.write_text(f"{HEADER}\n{LINE}\n", encoding="utf-8")
    with pytest.raises(CommandError, match=r"inconnue : autre\. Connues : essai"):
        call_command("import_places", "liste", str(path), mapping="autre", verbosity=0)


def test_values_become_codes_and_unknown_ones_are_told(tmp_path: Path) -> None:
    mapping = f"""{LEAST}
[champs.services]
colonne = "Aides"
separateur = [" / ", ","]
[champs.services.valeurs]
"Papiers" = ["Aide aux démarches administratives", "outils-quotidien"]
"Café" = []
"""
    cell = "papiers / CAFÉ,Autre"
    report = imported(tmp_path, mapping, f"{HEADER};Aides", f"{LINE};{cell}")
    assert service_terms() == {"demarches-administratives", "outils-quotidien"}
    assert [(p.column, p.value, p.reason) for p in report.problems] == [
        ("aides", "Autre", "valeur absente de la correspondance")
    ]
    assert report.dropped["aides sans équivalent, CAFÉ"] == 1


def test_other_values_may_be_ignored(tmp_path: Path) -> None:
    mapping = f"""{LEAST}
[champs.frais_a_charge]
colonne = "Prix"
autres = "ignorer"
valeurs = {{ "0 €" = ["Gratuit"] }}
"""
    report = imported(tmp_path, mapping, f"{HEADER};Prix", f"{LINE};selon")
    assert (report.problems, report.dropped["prix, valeurs ignorées pour frais_a_charge"]) == (
        [],
        1,
    )


def test_a_constant_and_a_column_add_up(tmp_path: Path) -> None:
    mapping = f"""{LEAST}
[champs.typologie]
constante = ["BIB"]
colonne = "FS"
valeurs = {{ "oui" = ["RFS"], "non" = [] }}
"""
    imported(tmp_path, mapping, f"{HEADER};FS", f"{LINE};Oui")
    assert {term.code for term in Place.objects.get().terms.all()} == {"BIB", "RFS"}


def test_a_part_of_a_cell_may_be_taken_or_taken_out(tmp_path: Path) -> None:
    mapping = LEAST.replace('"CP"', "{ colonne = 'Adresse', extraire = '(\\d{5})' }")
    mapping += "adresse = { colonne = 'Adresse', retirer = '[ -]*\\d{5}.*$' }\n"
    imported(tmp_path, mapping, "N°;Nom du lieu;Ville;Adresse", f"{LINE[:-5]}1 rue B - 93200 X")
    place = Place.objects.get()
    assert (place.address, place.postcode) == ("1 rue B", "93200")


def test_days_in_seven_columns_make_a_week(tmp_path: Path) -> None:
    mapping = f'{LEAST}horaires = {{ jours = {{ lundi = "L", mardi = "M" }} }}\n'
    imported(tmp_path, mapping, f"{HEADER};L;M", f"{LINE};9h-12h;9h - 12h")
    assert Place.objects.get().opening_hours == "Mo-Tu 09:00-12:00"


def test_a_style_of_date_may_be_asked_for(tmp_path: Path) -> None:
    mapping = f'{LEAST}date_maj = {{ colonne = "Maj", date = "mm/jj/aaaa" }}\n'
    imported(tmp_path, mapping, f"{HEADER};Maj", f"{LINE};04/02/2024")
    assert str(Place.objects.get().source_updated_on) == "2024-04-02"


def test_several_cells_are_joined_and_several_values_parted(tmp_path: Path) -> None:
    mapping = f"""{LEAST}
adresse = {{ colonnes = ["No", "Voie"], joindre = ", " }}
courriels = {{ colonnes = ["M1", "M2"] }}
itinerance = {{ colonne = "Bus", valeurs = {{ "oui" = ["Itinérant"], "non" = ["Fixe"] }} }}
"""
    line = f"{LINE};1;rue B;accueil@lieu.example;contact@lieu.example;oui"
    imported(tmp_path, mapping, f"{HEADER};No;Voie;M1;M2;Bus", line)
    place = Place.objects.get()
    assert place.address == "1, rue B"
    assert place.emails == ["accueil@lieu.example", "contact@lieu.example"]
    assert place.itinerancy == Itinerancy.ITINERANT


def test_an_identifier_may_be_made_of_what_does_not_change(tmp_path: Path) -> None:
    mapping = LEAST.replace('id = "N°"', 'id = { empreinte = ["Nom du lieu", "Ville"] }')
    report = imported(tmp_path, mapping, HEADER, LINE, LINE.replace("7;Méd", "8;MÉD"))
    assert (report.added, report.rejected) == (1, 1)
    key = Place.objects.get().source_records.get().external_id
    assert len(key) == 16


def test_lines_of_one_place_are_brought_together(tmp_path: Path) -> None:
    mapping = LEAST.replace("[champs]", '[lignes]\nregrouper = ["Nom du lieu"]\n[champs]')
    mapping += 'frais_a_charge = "Prix"\ntelephone = "Tél"\n'
    lines = [f"{LINE};Gratuit;", f"9{LINE[1:]};Payant;3646", f"{LINE.replace('Méd', 'Autre ')};;"]
    report = imported(tmp_path, mapping, f"{HEADER};Prix;Tél", *lines)
    assert (report.rows, report.added, report.merged, report.rejected) == (3, 1, 1, 1)
    assert report.problems[0].line == 4
    assert service_terms() == {"gratuit", "payant"}
    assert Place.objects.get().phone == "3646"


def test_lines_that_are_not_kept_are_rejected_and_told(tmp_path: Path) -> None:
    mapping = LEAST.replace("[champs]", '[lignes]\ngarder = { "Actif" = ["oui"] }\n[champs]')
    report = imported(tmp_path, mapping, f"{HEADER};Actif", f"{LINE};Oui", f"8{LINE[1:]};non")
    assert (report.added, report.rejected) == (1, 1)
    assert report.problems[0].reason == "ligne non gardée"


# --- What is told of a wrong mapping --------------------------------------------------------------

WRONG = {
    "ce n’est pas du TOML": "titre =",
    "titre : donnez un nom": LEAST.replace("Lieux du département", " "),
    "lieux : réglage inconnu au début": "lieux = 1\n" + LEAST,
    "trier : réglage inconnu dans": LEAST.replace("[champs]", "[lignes]\ntrier = 1\n[champs]"),
    "champs.id : ce champ est obligatoire": LEAST.replace('id = "N°"', ""),
    "champs.tel : champ inconnu. Connus : .*telephone": LEAST + 'tel = "T"\n',
    "champs.telephone : écrivez un nom de colonne": LEAST + "telephone = 3\n",
    "champs.telephone : dites d’où il vient": LEAST + "telephone = {}\n",
    "champs.telephone.separateur : ce champ n’a qu’une": LEAST
    + 'telephone = { colonne = "T", separateur = "," }\n',
    "colone : réglage inconnu dans": LEAST + 'telephone = { colone = "T" }\n',
    "champs.telephone.extraire : expression rationnelle fausse": LEAST
    + 'telephone = { colonne = "T", extraire = "(" }\n',
    "champs.telephone.extraire : mettez entre parenthèses": LEAST
    + 'telephone = { colonne = "T", extraire = "x" }\n',
    "champs.date_maj.date : l’un de": LEAST + 'date_maj = { colonne = "T", date = "jj" }\n',
    "champs.typologie : « BIBLI » est inconnu. Connus : .*ACI": LEAST
    + 'typologie = { constante = ["BIBLI"] }\n',
    "lundis : réglage inconnu": LEAST + 'horaires = { jours = { lundis = "L" } }\n',
    "reconnaitre : un texte, ou une liste": LEAST.replace('["Nom du lieu"]', "[1]"),
    "autres = .ignorer": LEAST + 'typologie = { colonne = "T", autres = "garder" }\n',
    "plus de 100000": "#" * 100_001,
}


@pytest.mark.parametrize("words", WRONG)
def test_a_wrong_mapping_is_told_where_and_how(words: str) -> None:
    with pytest.raises(MappingError, match=words):
        mapping_loader.check(WRONG[words])


def test_the_admin_refuses_a_wrong_mapping_and_keeps_what_was_typed(client: Client) -> None:
    user = get_user_model().objects.create_superuser("moderation", password="a long passphrase")
    sign_in(client, user)
    url = reverse("admin:directory_importmapping_add")
    wrong = client.post(url, {"slug": "essai", "text": "titre = 1", "is_active": "on"})
    assert "donnez un nom" in wrong.content.decode()
    assert "titre = 1" in wrong.content.decode()
    client.post(url, {"slug": "essai", "text": LEAST, "is_active": "on"})
    assert ImportMapping.objects.get().title == "Lieux du département"


# --- Those that are shipped -----------------------------------------------------------------------


def test_every_shipped_mapping_is_right() -> None:
    assert mapping_loader.load(SHIPPED) == len(list(SHIPPED.glob("*.toml"))) == 5


def test_a_mapping_that_a_person_edited_is_not_replaced() -> None:
    mapping_loader.load(SHIPPED)
    edited = ImportMapping.objects.get(slug="gironde")
    edited.text += "\n# corrigé\n"
    edited.save()
    ImportMapping.objects.filter(slug="haute-vienne").update(
        text=LEAST, shipped_digest=mapping_loader._digest(LEAST)
    )
    mapping_loader.load(SHIPPED)
    assert ImportMapping.objects.get(slug="gironde").text.endswith("# corrigé\n")
    assert "nom_org" in ImportMapping.objects.get(slug="haute-vienne").text


def test_aidants_connect_structures_are_read_from_their_own_columns(tmp_path: Path) -> None:
    mapping_loader.load(SHIPPED)
    path = tmp_path / "liste.csv"
    path.write_text(
        "Name,ID,UUID,Is Active,City Insee Code,Address,Zip Code,Siret,France Services Label,City\n"
        'CCAS,1,u1,true,93066,"1 rue du Canal \n93200 Saint-Denis",93200,43493312300029.0,true,X\n'
        "Partie,2,u2,false,93066,,93200,0.0,false,X\n",
        encoding="utf-8",
    )
    report = load(path)
    place = Place.objects.get()
    assert (report.added, report.rejected) == (1, 1)
    assert (place.address, place.pivot) == ("1 rue du Canal", "43493312300029")
    codes = {term.code for term in place.terms.all()}
    assert codes == {"aidants-connect", "france-services"}
    assert service_terms() == {"mandat"}
