"""From draft to archive: which state follows which, and what a publication asks."""

import pytest

from directory.models import Actor, Commune, Place
from directory.moderation import workflow
from directory.vocabularies.names import State

D, R, P, A = State.DRAFT, State.TO_REVIEW, State.PUBLISHED, State.ARCHIVED
ALLOWED = {(D, R), (D, P), (D, A), (R, D), (R, P), (R, A), (P, R), (P, A), (A, R)}


def place(**fields: object) -> Place:
    """A place of a commune, not saved."""
    given = {"name": "Mairie", "commune": Commune(code="93066"), "phone": "3646"} | fields
    return Place(**given)


@pytest.mark.parametrize("before", State)
@pytest.mark.parametrize("after", State)
def test_only_these_passages_are_allowed(before: State, after: State) -> None:
    assert workflow.may_follow(before, after) == ((before, after) in ALLOWED)


@pytest.mark.parametrize(
    "way",
    [
        {"phone": "3646"},
        {"booking_phone": "3646"},
        {"emails": ["accueil@annuaire.example"]},
        {"websites": ["https://annuaire.example"]},
        {"booking_url": "https://annuaire.example"},
        {"address": "1 rue du Moulin"},
    ],
    ids=str,
)
def test_one_way_to_reach_a_place_is_enough(way: dict[str, object]) -> None:
    assert workflow.problems(place(**{"phone": "", **way}), P) == []


def test_publication_says_all_that_is_missing() -> None:
    empty = Place(name=" ", state=D)
    (told,) = workflow.problems(empty, P)
    assert told == (
        "il manque le nom, la commune et un moyen de joindre le lieu "
        "(téléphone, courriel, site ou adresse)"
    )


def test_actor_without_a_way_to_reach_it_is_not_published() -> None:
    assert "un moyen de joindre la structure" in workflow.problems(Actor(name="Hub"), P)[0]
    assert workflow.problems(Actor(name="Hub", email="accueil@annuaire.example"), P) == []


def test_incomplete_record_may_go_to_review() -> None:
    assert workflow.problems(Place(name=""), R) == []


def test_refused_passage_is_told_in_words() -> None:
    archived = place(state=A)
    assert workflow.problems(archived, P) == [
        "une fiche «\u00a0archivé\u00a0» ne devient pas «\u00a0publié\u00a0»"
    ]


@pytest.mark.parametrize("reason", ["", "  "])
def test_archiving_asks_why(reason: str) -> None:
    with pytest.raises(workflow.RefusedError, match="pourquoi"):
        workflow.move(place(state=P), A, reason)


def test_moving_keeps_the_reason_and_the_date() -> None:
    moved = place(state=P)
    workflow.move(moved, A, " Fermé en juin ")
    assert (moved.state, moved.state_reason) == (A, "Fermé en juin")
    assert moved.state_changed_at is not None


def test_refused_move_changes_nothing() -> None:
    kept = place(state=A)
    with pytest.raises(workflow.RefusedError, match="Mairie"):
        workflow.move(kept, P)
    assert kept.state == A
