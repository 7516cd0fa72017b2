"""Preparing the site loads what is missing, once, and undoes no one's work."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from pytest_django import Settings

from directory.exchange import founding, mapping_loader, vocabulary_loader
from directory.exchange.report import Report
from directory.management.commands import prepare_demo
from directory.models import Helpline, LoadedFixture, Need, Synonym

STEPS = ["geography", "vocabularies", "founding", "mappings", "france-services"]
real_vocabularies = vocabulary_loader.load

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Replace every loader by one that only says its name here, and collect no static file."""
    said: list[str] = []

    def saying(name: str, answer: Any = None) -> Callable[..., Any]:
        def load(*args: Any) -> Any:
            said.append(name)
            return answer

        return load

    monkeypatch.setattr(prepare_demo, "_load_geography", saying("geography"))
    monkeypatch.setattr(vocabulary_loader, "load", saying("vocabularies", {"terms": 0}))
    monkeypatch.setattr(founding, "load", saying("founding", Report()))
    monkeypatch.setattr(mapping_loader, "load", saying("mappings", 0))
    monkeypatch.setattr(prepare_demo, "_load_france_services", saying("france-services"))
    monkeypatch.setattr(prepare_demo.Command, "_collect", saying("static files"))
    return said


@pytest.fixture
def collected(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Settings) -> list[str]:
    """Serve a folder of one source; the value names the commands that were called."""
    called: list[str] = []
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "site.css").write_text("p {}")
    settings.STATICFILES_DIRS = [tmp_path / "sources"]
    settings.STATIC_ROOT = tmp_path / "served"
    settings.STATIC_ROOT.mkdir()
    monkeypatch.setattr(prepare_demo, "call_command", lambda name, **_options: called.append(name))
    return called


def prepare(loaded: list[str]) -> list[str]:
    """Prepare the site; return the names of what was loaded, static files left aside."""
    loaded.clear()
    call_command("prepare_demo")
    return [name for name in loaded if name != "static files"]


def make_stale(name: str) -> None:
    """Make a step look as if its file had changed since it was loaded."""
    LoadedFixture.objects.filter(pk=name).update(digest="another vintage")


def test_everything_is_loaded_at_first_in_the_order_of_what_needs_what(loaded: list[str]) -> None:
    assert prepare(loaded) == STEPS


def test_a_second_run_loads_nothing(loaded: list[str]) -> None:
    prepare(loaded)
    assert prepare(loaded) == []


@pytest.mark.parametrize("changed", STEPS)
def test_a_changed_file_is_read_again_with_what_depends_on_it(
    loaded: list[str], changed: str
) -> None:
    prepare(loaded)
    make_stale(changed)
    assert prepare(loaded) == STEPS[STEPS.index(changed) :]
    assert prepare(loaded) == []


def test_a_step_that_failed_is_tried_again_and_those_before_it_are_not(
    loaded: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any) -> Report:
        raise OSError("disque plein")

    with monkeypatch.context() as broken:
        broken.setattr(founding, "load", fail)
        with pytest.raises(OSError, match="disque plein"):
            prepare(loaded)
    assert prepare(loaded) == ["founding", "mappings", "france-services"]


@pytest.mark.parametrize("is_reloaded", [False, True])
def test_what_a_moderator_changed_is_kept(
    loaded: list[str], monkeypatch: pytest.MonkeyPatch, is_reloaded: bool
) -> None:
    monkeypatch.setattr(vocabulary_loader, "load", real_vocabularies)
    prepare(loaded)
    Helpline.objects.filter(code="ameli-3646").update(display="Autre numéro")
    Synonym.objects.create(need=Need.objects.get(code="ameli"), text="mon truc de la sécu")
    if is_reloaded:
        make_stale("vocabularies")
    prepare(loaded)
    assert Helpline.objects.get(code="ameli-3646").display == "Autre numéro"
    assert Synonym.objects.filter(text="mon truc de la sécu").exists()


def test_each_step_reads_files_that_exist() -> None:
    for name, paths, _load in prepare_demo.Command()._steps():
        assert paths, name
        assert all(path.is_file() for path in paths)


@pytest.mark.parametrize(
    ("age", "expected"), [(None, ["collectstatic"]), (-60, ["collectstatic"]), (60, [])]
)
def test_static_files_are_collected_when_missing_or_older_than_their_sources(
    collected: list[str], settings: Settings, age: int | None, expected: list[str]
) -> None:
    if age is not None:
        stamp = Path(settings.STATIC_ROOT) / "staticfiles.json"
        stamp.write_text("{}")
        source = (Path(settings.STATICFILES_DIRS[0]) / "site.css").stat().st_mtime
        os.utime(stamp, (source + age, source + age))
    prepare_demo.Command._collect()
    assert collected == expected
