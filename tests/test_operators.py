"""Who runs a counter: one test per rule."""

import pytest

from directory.exchange.operators import of_place, recognise_operator


@pytest.mark.parametrize(
    ("name", "rule", "operator", "network", "kind"),
    [
        ("France services La Poste de Bourg", "la-poste-name", "La Poste", "la-poste", "LA_POSTE"),
        (
            "France services Pimms Médiation Bourg",
            "pimms-name",
            "Pimms Médiation",
            "pimms-mediation",
            "PIMMS",
        ),
        (
            "Bus France services UDAF de la Loire Nord",
            "udaf-name",
            "Udaf de la Loire",
            "unaf",
            "UDAF",
        ),
        (
            "Bus France services Familles rurales de Mayotte",
            "familles-rurales-name",
            "Familles Rurales de Mayotte",
            "familles-rurales",
            "ASSO",
        ),
        (
            "France services Croix-Rouge de Bourg",
            "croix-rouge-name",
            "Croix-Rouge française",
            "croix-rouge",
            "ASSO",
        ),
        ("France services CCAS de Bourg", "ccas-name", "CCAS de Bourg", "unccas", "CCAS"),
        ("France services CCAS Aubourg", "ccas-name", "CCAS d’Aubourg", "unccas", "CCAS"),
        (
            "France services CIAS du Pays vert",
            "cias-name",
            "CIAS du Pays vert",
            "unccas",
            "CIAS",
        ),
        ("France services MSA Bourg", "msa-name", "MSA", "msa", "MSA"),
    ],
)
def test_a_network_is_recognised_by_the_name(
    name: str, rule: str, operator: str, network: str, kind: str
) -> None:
    match = recognise_operator(name)
    assert match is not None
    assert (match.rule, match.operator_name) == (rule, operator)
    assert match.network_slugs == ("france-services", network)
    assert match.kind_codes[:2] == ("RFS", kind)


@pytest.mark.parametrize(
    ("name", "rule", "operator", "kind"),
    [
        (
            "France services de la sous-préfecture d'Etambourg",
            "sub-prefecture-name",
            "Sous-préfecture d’Etambourg",
            "PREF",
        ),
        (
            "France services de la préfecture de Bourg",
            "prefecture-name",
            "Préfecture de Bourg",
            "PREF",
        ),
        (
            "France services Maison du département de Bourg",
            "county-house-name",
            "Conseil départemental (Ain)",
            "CD",
        ),
        (
            "France services de la Communauté de communes du Val - Antenne de Bourg",
            "community-name",
            "Communauté de communes du Val",
            "CC",
        ),
        (
            "France services Bourg - CC Cœur du Val",
            "community-short-name",
            "Communauté de communes Cœur du Val",
            "CC",
        ),
        (
            "Bus France services Communauté d'agglomération Grand Bourg",
            "urban-community-name",
            "Communauté d’agglomération Grand Bourg",
            "EPCI",
        ),
        (
            "France services Mont-de-Bourg Agglomération",
            "urban-area-name",
            "Mont-de-Bourg Agglomération",
            "EPCI",
        ),
        (
            "France services de Montbourg Communauté",
            "community-last-name",
            "Montbourg Communauté",
            "EPCI",
        ),
        (
            "France services de Bourg - Centre social la Source",
            "social-centre-name",
            "Centre social la Source",
            "CS",
        ),
        ("France services Mairie de Bourg", "town-hall-name", "Commune de Bourg", "MUNI"),
        ("France services Bourg - Mairie annexe", "town-hall-name", "Commune du Bourg", "MUNI"),
        ("France services ADMR de Bourg", "admr-name", "ADMR", "ASSO"),
        (
            "France services Mutualité française",
            "mutual-name",
            "Mutualité française",
            "ASSO",
        ),
        (
            "France services Mission locale du Val",
            "local-mission-name",
            "Mission locale du Val",
            "ML",
        ),
        ("France services du PETR du Val", "joint-body-name", "PETR du Val", "EPCI"),
        (
            "France services Bourg - Association Exemple",
            "association-name",
            "Association Exemple",
            "ASSO",
        ),
    ],
)
def test_a_body_is_recognised_by_the_name(name: str, rule: str, operator: str, kind: str) -> None:
    match = recognise_operator(name, commune="Le Bourg", department="Ain")
    assert match is not None
    assert (match.rule, match.operator_name, match.kind_codes[1]) == (rule, operator, kind)


@pytest.mark.parametrize(
    ("email", "rule", "operator"),
    [
        ("msap.bourg@laposte.fr", "la-poste-email", "La Poste"),
        ("bourg@pimmsmediation.fr", "pimms-email", "Pimms Médiation"),
        ("fs.bourg@famillesrurales.org", "familles-rurales-email", "Familles Rurales"),
        ("fs@udaf99.fr", "udaf-email", ""),
        ("fs-bourg@picardie.msa.fr", "msa-email", "MSA Picardie"),
        ("sp-bourg@ain.gouv.fr", "sub-prefecture-email", "Sous-préfecture de Bourg"),
        ("ccas@bourg.fr", "ccas-email", "CCAS de Bourg"),
        ("fs@cias.paysvert.fr", "cias-email", ""),
        ("fs@departement06.fr", "county-email", "Conseil départemental (Ain)"),
        ("fs@cc-duval.fr", "community-email", ""),
        ("fs@mairie-bourg.fr", "town-email", "Commune de Bourg"),
    ],
)
def test_an_operator_is_recognised_by_the_domain(email: str, rule: str, operator: str) -> None:
    match = recognise_operator(
        "France services Bourg", "", email, commune="Bourg", department="Ain"
    )
    assert match is not None
    assert (match.rule, match.operator_name) == (rule, operator)


def test_a_post_office_is_recognised_by_the_address() -> None:
    match = recognise_operator("France services Bourg", "Bureau de poste, 1 rue Haute")
    assert match is not None
    assert match.rule == "post-office-address"


def test_the_name_speaks_before_the_email() -> None:
    match = recognise_operator("France services La Poste de Bourg", "", "fs@mairie-bourg.fr")
    assert match is not None
    assert match.rule == "la-poste-name"


def test_a_mobile_counter_has_the_mobile_kind() -> None:
    match = recognise_operator("Bus France services MSA du Val")
    assert match is not None
    assert match.kind_codes == ("RFS", "MSA", "ENM")


def test_an_unknown_operator_is_not_guessed() -> None:
    assert recognise_operator("France services de Bourg", "1 rue Haute", "bourg@exemple.fr") is None


def test_laposte_net_is_everyone_s_mailbox() -> None:
    assert recognise_operator("France services de Bourg", "", "fs.bourg@laposte.net") is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Bondy", "de Bondy"),
        ("Albi", "d’Albi"),
        ("Étampes", "d’Étampes"),
        ("Le Mans", "du Mans"),
        ("Les Abymes", "des Abymes"),
        ("La Rochelle", "de La Rochelle"),
        ("L'Isle", "de L’Isle"),
        ("Paris 4e", "de Paris"),
        ("", ""),
    ],
)
def test_the_article_of_a_commune_is_contracted(name: str, expected: str) -> None:
    assert of_place(name) == expected
