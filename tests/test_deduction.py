"""What a label or a published service says of needs, and how we know it."""

import pytest

from directory.exchange.deduction import DECLARED, deduce, rules
from directory.exchange.drafts import NeedDraft
from directory.vocabularies.names import Vocabulary
from tests.factories import NeedFactory, NeedMappingFactory

LABEL = (Vocabulary.PROGRAMME, "france-services")
TRAINING = ("training_label", "mon-espace-sante")


def test_a_need_that_a_programme_suggests_is_deduced_by_a_named_rule() -> None:
    assert deduce({LABEL: ["ameli"]}, [LABEL]) == (NeedDraft("ameli", "programme:france-services"),)


@pytest.mark.parametrize("published", sorted(DECLARED))
def test_a_need_that_the_producer_publishes_of_itself_is_declared(
    published: tuple[str, str],
) -> None:
    assert deduce({published: ["ameli"]}, [published]) == (NeedDraft("ameli"),)


def test_another_value_of_the_same_vocabulary_is_only_a_hint() -> None:
    other = ("training_label", "duplex")
    assert deduce({other: ["ameli"]}, [other]) == (NeedDraft("ameli", "training_label:duplex"),)


@pytest.mark.parametrize("published", [[LABEL, TRAINING], [TRAINING, LABEL]])
def test_what_is_declared_wins_over_what_is_deduced(published: list[tuple[str, str]]) -> None:
    table = {LABEL: ["ameli"], TRAINING: ["ameli"]}
    assert deduce(table, published) == (NeedDraft("ameli"),)


def test_a_need_suggested_twice_keeps_its_first_rule() -> None:
    other = (Vocabulary.KIND, "RFS")
    assert deduce({LABEL: ["ameli"], other: ["ameli"]}, [LABEL, other]) == (
        NeedDraft("ameli", "programme:france-services"),
    )


def test_a_published_value_that_no_need_maps_says_nothing() -> None:
    assert deduce({LABEL: ["ameli"]}, [(Vocabulary.PROGRAMME, "aidants-connect")]) == ()


@pytest.mark.django_db
def test_rules_are_read_from_the_needs_mappings() -> None:
    for code in ("ameli", "css"):
        NeedMappingFactory.create(need=NeedFactory.create(code=code))
    table = rules()
    assert sorted(table[LABEL]) == ["ameli", "css"]
    assert len(table) == 1
