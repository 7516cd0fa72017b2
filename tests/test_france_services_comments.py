"""The free comment of the France Services list: one test per rule."""

import pytest

from directory.exchange.france_services_comment_patterns import repair, tidy
from directory.exchange.france_services_comments import CommentResult, read_comment

NBSP = "\u00a0"
EVERY_TEXT = ("appointment_text", "rounds", "notes", "outdated")


def shown(result: CommentResult) -> str:
    return " ".join(getattr(result, name) for name in EVERY_TEXT)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Uniquement sur rendez-vous", "required"),
        ("SUR RDV UNIQUEMENT", "required"),
        ("Prise de rendez-vous obligatoire au 01 99 00 12 34", "required"),
        ("Sur rendez-vous", "required"),
        ("Prise de rendez-vous conseillée", "recommended"),
        ("De préférence sur rendez-vous", "recommended"),
        ("Accueil de préférence avec rendez-vous mais possible sans rendez-vous", "recommended"),
        ("Possibilité de prendre rendez-vous", "possible"),
        ("Prise de rendez-vous au 01 99 00 12 34", "possible"),
        ("Avec et sans RDV", "possible"),
        ("Sans rendez-vous", "not_needed"),
        ("Sur rendez-vous le mardi matin", "partly"),
        ("Matin sans rendez-vous / Après-midi sur rendez-vous", "partly"),
        ("Sur RDV pour les demandes de carte d'identité", "partly"),
        ("Accueil en flux continu", None),
        ("", None),
    ],
)
def test_the_appointment_is_read(text: str, kind: str | None) -> None:
    assert read_comment(text).appointment == kind


def test_partly_keeps_the_sentence() -> None:
    result = read_comment("Sur RDV les mardis après-midi. Accueil en flux continu")
    assert result.appointment_text == "Sur rendez-vous les mardis après-midi."


def test_hours_after_a_sentence_on_appointments_belong_to_it() -> None:
    result = read_comment("Accueil sur RDV, lundi 13:30 - 16:45 ; Mardi 16:45 - 17:45")
    assert "Mardi 16:45" in result.appointment_text
    assert result.notes == ""


def test_booking_contacts_are_set_apart() -> None:
    result = read_comment("Prise de RDV au 01.99.00.12.34 ou par mail accueil@exemple.fr", "01")
    assert result.booking_phones == ("+33199001234",)
    assert result.booking_emails == ("accueil@exemple.fr",)
    assert shown(result).strip() == ""


def test_a_mobile_is_removed_and_counted() -> None:
    result = read_comment("Prise de rendez-vous au 06 39 98 12 34/01 99 00 12 34", "01")
    assert (result.booking_phones, result.dropped) == (("+33199001234",), {"mobile": 1})


@pytest.mark.parametrize(
    "written",
    ["06 39 98 12 34", "06.39.98.12.34", "0639981234", "06-39-98-12-34", "+33 6 39 98 12 34"],
)
def test_no_text_keeps_a_mobile_however_written(written: str) -> None:
    result = read_comment(f"Bus itinérant sur 44 communes - contact au {written}", itinerant=True)
    assert "98" not in shown(result)
    assert result.rounds == "Bus itinérant sur 44 communes."


@pytest.mark.parametrize("prefix", ["0690", "0691", "0694", "0696", "0692", "0693", "0639"])
def test_an_overseas_mobile_is_removed(prefix: str) -> None:
    result = read_comment(f"Renseignements au {prefix} 00 00 00", "971")
    assert result.dropped == {"mobile": 1}
    assert result.booking_phones == ()


@pytest.mark.parametrize(
    "text",
    [
        "Permanence en mairie le lundi, voir avec Mme Exemple",
        "Permanence en mairie le lundi avec Sophie Exemple",
        "Permanence en mairie le lundi. Contact : Sophie",
        "Permanence en mairie le lundi. Agent : Sophie EXEMPLE",
        "Sophie EXEMPLE, permanence en mairie le lundi",
    ],
)
def test_a_person_s_name_is_removed_and_counted(text: str) -> None:
    result = read_comment(text)
    assert "Exemple" not in shown(result).title()
    assert "Sophie" not in shown(result)
    assert result.dropped == {"person-name": 1}


def test_a_street_named_after_a_person_stays() -> None:
    result = read_comment("Permanence le mardi à la mairie de Bourg, rue Simone VEIL")
    assert "rue Simone VEIL" in result.rounds
    assert result.dropped == {}


def test_a_nominative_email_is_removed_and_counted() -> None:
    result = read_comment("Contact : sophie.exemple@bourg.fr")
    assert (result.booking_emails, result.dropped) == ((), {"nominative-email": 1})


@pytest.mark.parametrize(
    "text",
    [
        "Permanence le jeudi matin de 9h à 12h à la Mairie de Bourg",
        "Itinérance dans 4 communes : MONTBOURG, VALBOURG",
        "Antenne à Bourg",
        "Permanences sur rendez-vous à la médiathèque de Bourg",
    ],
)
def test_other_places_are_rounds(text: str) -> None:
    result = read_comment(text)
    assert result.rounds
    assert result.appointment is None


def test_a_list_of_rounds_goes_on_over_its_segments() -> None:
    text = "Itinérance : lundi matin = Mairie de Bourg // Mardi matin = ADMR de Valbourg"
    assert "Valbourg" in read_comment(text).rounds


def test_a_mobile_counter_s_days_are_rounds() -> None:
    text = "Lundi : Bourg - Mardi : Valbourg"
    assert read_comment(text, itinerant=True).rounds
    assert read_comment(text).rounds == ""


def test_the_landline_of_a_round_stays_with_it() -> None:
    result = read_comment("Antenne à la mairie de Bourg le lundi, joignable au 01 99 00 12 34")
    assert f"01{NBSP}99{NBSP}00{NBSP}12{NBSP}34" in result.rounds
    assert result.booking_phones == ()


@pytest.mark.parametrize(
    "text",
    [
        "Fermeture le 3eme jeudi après-midi de chaque mois",
        "Ouvert le premier samedi du mois de 9h à 12h",
        "Pendant les vacances scolaires : 9:00 - 12:00 / 13:00 - 17:00",
        "Accessible PMR",
        "Permanence téléphonique le lundi après-midi",
        "Permanence des impôts le jeudi",
        "Horaires d'été (du 15 juillet au 25 août inclus): Fermé le samedi matin",
    ],
)
def test_useful_sentences_are_notes(text: str) -> None:
    result = read_comment(text)
    assert result.notes
    assert (result.rounds, result.outdated) == ("", "")


@pytest.mark.parametrize(
    "text",
    [
        "Ouverture officielle au 01/09/2022",
        "Changement d'horaire à compter du 3 janvier 2023",
        "Fonctionnement sur rdv durant cette période sanitaire",
        "FERMETURE DE LA STRUCTURE le Vendredi 10 mai 2024",
        "Le site sera fermé du 9 au 30 août inclus pour congés annuels",
        "prise de rendez vous impossible du 18/03 au 22/03",
        "Horaires d'été 8h00 à 13h30 du 09/07/23 au 25/08/2023",
        "Les horaires vont être prochainement réactualisées",
    ],
)
def test_what_is_past_is_outdated(text: str) -> None:
    result = read_comment(text)
    assert result.outdated
    assert (result.notes, result.rounds, result.appointment) == ("", "", None)


def test_a_rule_since_a_past_date_still_holds() -> None:
    assert read_comment("uniquement sur rdv à partir du 17/05/2024").appointment == "required"


def test_a_street_with_a_date_is_not_outdated() -> None:
    text = "Permanence le mardi à la mairie de Bourg, 7 rue du 19 mars 1962"
    assert read_comment(text).outdated == ""


@pytest.mark.parametrize(
    "text", ["oui", ".", "Structure NON itinérante", "1 rue Haute 01990 BOURG", "Multi-sites", "12"]
)
def test_what_says_nothing_gives_nothing(text: str) -> None:
    result = read_comment(text)
    assert (shown(result).strip(), result.appointment) == ("", None)


def test_escaped_bytes_are_decoded() -> None:
    assert repair(r"Itin\xE9raire\x20de\x20l\u2019\xE9t\xE9") == "Itinéraire de l’été"


def test_words_broken_by_a_blind_replacement_are_mended() -> None:
    result = read_comment("prise de rendez-vous : bourg@france-serendez-vousices.gouv.fr")
    assert result.booking_emails == ("bourg@france-services.gouv.fr",)


def test_a_shown_sentence_is_plain_french() -> None:
    assert tidy("accueil sur RDV ; l'après-midi") == f"Accueil sur rendez-vous{NBSP}; l’après-midi"


def test_capitals_are_lowered() -> None:
    result = read_comment("FERMETURE LE SAMEDI MATIN")
    assert result.notes == "Fermeture le samedi matin."


def test_on_appointment_after_a_round_speaks_of_the_round() -> None:
    text = "Permanence le lundi à la mairie de Bourg. Uniquement sur rendez-vous au 01 99 00 12 34"
    result = read_comment(text)
    assert result.appointment is None
    assert "Uniquement sur rendez-vous" in result.rounds


def test_a_town_hall_is_not_the_month_of_may() -> None:
    assert read_comment("Itinérance : 1 mardi/2 Mairie de Bourg").outdated == ""
