"""Vocabularies follow their files; what moderators write beside them is kept."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from directory.exchange import vocabulary_loader
from directory.models import Helpline, Need, NeedMapping, Synonym, Term
from directory.vocabularies.names import Vocabulary
from tests.factories import HelplineFactory, SynonymFactory

TABLES: tuple[Any, ...] = (Term, Helpline, Need, NeedMapping, Synonym)

pytestmark = pytest.mark.django_db

Edit = Callable[[str, Callable[[Any], None]], Path]


@pytest.fixture
def edited(tmp_path: Path) -> Edit:
    """Copy the shipped files; the value changes one of them and returns the copies' folder."""
    shutil.copytree(settings.FIXTURES_DIR / "vocabularies", tmp_path / "vocabularies")
    for name in ("helplines.json", "needs.json"):
        shutil.copy(settings.FIXTURES_DIR / name, tmp_path / name)

    def edit(name: str, change: Callable[[Any], None]) -> Path:
        content = json.loads((tmp_path / name).read_text(encoding="utf-8"))
        change(content)
        (tmp_path / name).write_text(json.dumps(content), encoding="utf-8")
        return tmp_path

    return edit


def load(folder: Path = settings.FIXTURES_DIR) -> dict[str, int]:
    return vocabulary_loader.load(folder)


def rows() -> list[list[dict[str, Any]]]:
    return [list(model.objects.order_by("pk").values()) for model in TABLES]


def test_every_file_is_wholly_loaded() -> None:
    counts = load()
    assert counts["terms"] == Term.objects.count()
    assert counts["needs"] == Need.objects.count()
    assert counts["helplines"] == Helpline.objects.count()
    assert set(Term.objects.values_list("vocabulary", flat=True)) == set(Vocabulary.values)


def test_loading_twice_gives_the_same_rows_as_once() -> None:
    load()
    before = rows()
    load()
    assert rows() == before


def test_terms_keep_the_order_of_their_file() -> None:
    load()
    path = settings.FIXTURES_DIR / "vocabularies" / "cost.json"
    codes = [term["code"] for term in json.loads(path.read_text(encoding="utf-8"))["terms"]]
    assert [term.code for term in Term.objects.of(Vocabulary.COST)] == codes


def test_a_term_changed_in_its_file_is_updated(edited: Edit) -> None:
    load()
    before = Term.objects.get(vocabulary=Vocabulary.COST, code="gratuit").pk
    load(edited("vocabularies/cost.json", lambda file: file["terms"][0].update(label="Autre")))
    first = Term.objects.of(Vocabulary.COST).first()
    assert first is not None
    assert first.label == "Autre"
    assert Term.objects.get(vocabulary=Vocabulary.COST, code="gratuit").pk == before


def test_a_need_that_stands_before_its_parent_in_the_file_still_has_it(edited: Edit) -> None:
    load(edited("needs.json", lambda file: file["needs"].reverse()))
    parent = Need.objects.get(code="ameli").parent
    assert parent is not None
    assert parent.code == "demarche-sante"


def test_a_mapping_no_longer_in_the_file_is_removed(edited: Edit) -> None:
    load()
    first = Need.objects.order_by("position")[0]
    assert first.mappings.exists()
    load(edited("needs.json", lambda file: file["needs"][0].update(mappings=[])))
    assert not first.mappings.exists()


def test_a_helpline_that_a_moderator_edited_is_kept() -> None:
    load()
    Helpline.objects.filter(code="ameli-3646").update(display="Autre numéro", is_general=False)
    load()
    line = Helpline.objects.get(code="ameli-3646")
    assert (line.display, line.is_general) == ("Autre numéro", False)


def test_helplines_that_a_moderator_chose_for_a_need_are_kept() -> None:
    load()
    need, chosen = Need.objects.get(code="ameli"), HelplineFactory.create()
    need.helplines.set([chosen])
    load()
    assert list(need.helplines.all()) == [chosen]


def test_a_synonym_that_a_moderator_added_is_kept() -> None:
    load()
    added = SynonymFactory.create(need=Need.objects.get(code="ameli"), text="mon truc de la sécu")
    load()
    assert Synonym.objects.filter(pk=added.pk, normalized="mon truc de la secu").exists()


def test_a_synonym_added_to_the_file_is_loaded(edited: Edit) -> None:
    load()
    folder = edited(
        "needs.json", lambda file: file["needs"][0]["synonyms"]["fr"].append("Mot neuf")
    )
    load(folder)
    assert Synonym.objects.get(text="Mot neuf").normalized == "mot neuf"


def test_a_failing_load_leaves_the_database_as_it_was(edited: Edit) -> None:
    folder = edited("needs.json", lambda file: file["needs"][0].pop("label"))
    with pytest.raises(KeyError, match="label"):
        load(folder)
    assert not Term.objects.exists()
