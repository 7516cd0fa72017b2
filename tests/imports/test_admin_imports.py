"""Importing through the admin: sent, shown, then written once, in the background."""

import os
import time
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from directory.exchange import import_files, import_runs, importing
from directory.models import ImportRun, Place, PlaceSource, RoleKind, Source
from directory.models.import_runs import RunMode, RunState
from directory.vocabularies.names import Licence
from tests.accounts import make_user, sign_in
from tests.factories import RegionFactory
from tests.imports.lists import load, ready, write
from tests.imports.sent import Elsewhere, apply, do, importer, page, sent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(db: None, tmp_path: Path, settings: Any) -> None:
    settings.IMPORTS_DIR = tmp_path / "imports"
    ready()


@pytest.fixture
def moderator(client: Client) -> Client:
    return importer(client)


# --- Sent, then shown -----------------------------------------------------------------------------


def test_a_list_that_is_sent_is_shown_and_not_written(moderator: Client) -> None:
    run = sent(moderator, {}, {"id": "l2", "nom": ""})
    assert (run.state, run.mode, run.total) == (RunState.READY, RunMode.DRY, 2)
    assert (Place.objects.count(), Source.objects.count()) == (0, 0)
    shown = page(moderator, run)
    assert "Ce qui changerait" in shown
    assert "nom absent" in shown
    assert "standard national, version 1.0.2" in shown
    assert "1er août 2024" in shown


def test_the_day_of_the_file_is_read_in_its_name_or_given(moderator: Client) -> None:
    assert str(sent(moderator).vintage_on) == "2024-08-01"
    assert str(sent(moderator, vintage_on="2024-09-02").vintage_on) == "2024-09-02"


def test_files_are_kept_under_drawn_names_out_of_what_is_served(moderator: Client) -> None:
    run = sent(moderator)
    path = import_files.path_of(run.stored_names[0])
    assert path.is_file()
    assert "liste" not in path.name
    assert not path.name.isdigit()
    default = settings.VAR_DIR / "imports"
    assert settings.STATIC_ROOT not in [default, *default.parents]


def test_the_report_is_filtered_and_paged(moderator: Client) -> None:
    load(write(Path(settings.IMPORTS_DIR).parent, {}))
    rows: Any = ({"id": f"n{n}", "nom": f"Lieu {n}"} for n in range(60))
    run = sent(moderator, {}, {"id": "l2", "nom": ""}, *rows)
    assert run.counts["kinds"] == {"inchangé": 1, "rejeté": 1, "ajouté": 60}
    added = page(moderator, run, quoi="ajouté")
    assert added.count("<td>ajouté</td>") == 50
    assert "quoi=ajout%C3%A9&amp;page=2" in added
    assert page(moderator, run, quoi="ajouté", page="2").count("<td>ajouté</td>") == 10
    for kind in ("inchangé", "rejeté"):
        assert page(moderator, run, quoi=kind).count(f"<td>{kind}</td>") == 1


def test_the_whole_report_is_downloaded_without_formulas(moderator: Client) -> None:
    run = sent(moderator, {"nom": "=1+1"})
    answer: Any = moderator.get(reverse("admin:directory_importrun_report", args=[run.pk]))
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0] == "quoi;ligne;lieu;champ;avant;après;raison"
    assert lines[1].startswith("ajouté;2;'=1+1;")


# --- Written --------------------------------------------------------------------------------------


def test_what_was_shown_is_written_with_its_source(moderator: Client) -> None:
    run = apply(moderator, sent(moderator))
    assert (run.state, run.mode, run.counts["added"]) == (RunState.DONE, RunMode.RUN, 1)
    assert run.ended_at is not None
    assert PlaceSource.objects.get().source.licence == Licence.UNKNOWN
    assert "Ce qui a changé" in page(moderator, run)


def test_an_import_is_written_once(moderator: Client) -> None:
    run = apply(moderator, sent(moderator))
    ended = run.ended_at
    Place.objects.all().delete()
    assert apply(moderator, run).ended_at == ended
    import_runs.work(run.pk)
    assert Place.objects.count() == 0


def test_nothing_is_written_without_saying_so(moderator: Client) -> None:
    run = sent(moderator)
    assert do(moderator, run, "apply", mode="run").state == RunState.READY
    assert do(moderator, run, "apply", mode="dry", sure="1").state == RunState.READY
    assert Place.objects.count() == 0


def test_an_import_given_up_is_not_written_and_its_files_go(moderator: Client) -> None:
    run = sent(moderator)
    assert do(moderator, run, "cancel").state == RunState.CANCELLED
    assert apply(moderator, run).state == RunState.CANCELLED
    assert Place.objects.count() == 0
    assert [f for f in Path(settings.IMPORTS_DIR).iterdir() if "progress" not in f.name] == []


def test_rows_may_be_written_as_they_come(moderator: Client) -> None:
    run = apply(moderator, sent(moderator, {}, {"id": "l2", "nom": "Deuxième"}), mode="row")
    assert (run.state, run.mode, run.counts["added"]) == (RunState.DONE, RunMode.ROW, 2)


def test_data_that_changed_since_the_preview_are_shown_again_before_writing(
    moderator: Client, tmp_path: Path
) -> None:
    for mode in ("run", "row"):
        run = sent(moderator, {}, {"id": "l2", "nom": "Deuxième"}, new_source=mode)
        load(write(tmp_path, {}), source=mode)
        run = apply(moderator, run, mode=mode)
        assert run.state == RunState.READY
        assert "lieux ajoutés\u00a0: 2 avant, 1 maintenant" in run.notice
        assert PlaceSource.objects.filter(source__slug=mode).count() == 1
        assert apply(moderator, run, mode=mode).state == RunState.DONE
        assert PlaceSource.objects.filter(source__slug=mode).count() == 2


def test_duplicates_found_by_writing_are_no_change_since_the_preview(
    moderator: Client, tmp_path: Path
) -> None:
    load(write(tmp_path, {}), source="premiere")
    run = apply(moderator, sent(moderator))
    assert (run.state, run.counts["duplicates_merged"]) == (RunState.DONE, 1)
    assert Place.objects.count() == 1


def test_an_import_of_a_source_being_written_waits_for_another_word(moderator: Client) -> None:
    run = sent(moderator)
    with Elsewhere("import:ma-liste"):
        run = apply(moderator, run)
    assert run.state == RunState.READY
    assert "Un autre import de cette source est en cours" in run.notice
    assert apply(moderator, run).state == RunState.DONE


def test_the_command_says_that_the_source_is_being_written(tmp_path: Path) -> None:
    path = write(tmp_path, {})
    with (
        Elsewhere("import:ma-liste"),
        pytest.raises(importing.ImportRunningError, match="« ma-liste » est en cours"),
    ):
        load(path)
    assert load(path).added == 1


def test_a_file_that_is_gone_is_asked_again(moderator: Client) -> None:
    run = sent(moderator)
    import_files.forget(run.stored_names)
    assert "envoyez-le de nouveau" in apply(moderator, run).notice
    assert Place.objects.count() == 0


def test_a_mistake_found_while_reading_is_said_on_the_page(
    moderator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: Any) -> None:
        raise importing.ImportRefusedError("la cellule B9 contient une formule.")

    monkeypatch.setattr(importing, "run", broken)
    run = sent(moderator)
    assert run.state == RunState.FAILED
    assert "la cellule B9 contient une formule." in page(moderator, run)


def test_an_import_that_waits_too_long_may_be_started_again(moderator: Client) -> None:
    run = sent(moderator)
    ImportRun.objects.filter(pk=run.pk).update(
        state=RunState.READING, started_at="2024-01-01T00:00Z"
    )
    assert "Relancer" in page(moderator, run)
    assert do(moderator, run, "resume").state == RunState.READY


def test_an_import_that_kills_its_workers_is_given_up(moderator: Client) -> None:
    run = sent(moderator)
    busy = {"state": RunState.APPLYING, "mode": RunMode.RUN}
    ImportRun.objects.filter(pk=run.pk).update(**busy, attempts=import_runs.MAX_ATTEMPTS)
    import_runs.work(run.pk)
    run.refresh_from_db()
    assert run.state == RunState.FAILED
    assert "interrompu trop souvent" in page(moderator, run)
    assert not Place.objects.exists()


def test_who_sent_and_who_wrote_are_remembered(moderator: Client) -> None:
    run = sent(moderator)
    importer(moderator, "seconde")
    apply(moderator, run)
    told = LogEntry.objects.filter(object_id=str(run.pk)).order_by("pk")
    assert [entry.user.get_username() for entry in told] == ["imports", "seconde"]


def test_files_are_deleted_after_some_weeks(moderator: Client) -> None:
    run = sent(moderator)
    old = time.time() - (settings.IMPORTS_KEPT_DAYS + 1) * import_files.DAY
    for name in (*run.stored_names, run.report_name):
        os.utime(import_files.path_of(name), (old, old))
    other = sent(moderator, new_source="autre")
    assert import_files.path_of(other.report_name).is_file()
    assert not import_files.path_of(run.report_name).exists()
    assert "Le détail est effacé" in page(moderator, run)


# --- Permissions ----------------------------------------------------------------------------------

PAGES = {"changelist": "view", "add": "add", "change": "view", "report": "view"}
ACTIONS = ("apply", "cancel", "resume")


def answers(client: Client, run: ImportRun) -> dict[str, int]:
    """The status of every address of imports, asked as it must be."""
    args: dict[str, list[int]] = {"changelist": [], "add": []}
    urls = {
        name: reverse(f"admin:directory_importrun_{name}", args=args.get(name, [run.pk]))
        for name in (*PAGES, *ACTIONS, "delete")
    }
    found = {name: client.get(urls[name]).status_code for name in (*PAGES, "delete")}
    found["send"] = client.post(urls["add"]).status_code
    return found | {name: client.post(urls[name]).status_code for name in ACTIONS}


@pytest.mark.parametrize("kind", [RoleKind.REGION, RoleKind.OBSERVER])
def test_imports_are_those_of_national_administrators(client: Client, kind: RoleKind) -> None:
    run = sent(importer(client))
    role = {"kind": kind, "region": RegionFactory.create()}
    assert set(answers(sign_in(client, make_user("autre", role)), run).values()) == {403}


def test_national_administrator_reads_sends_and_writes_but_deletes_nothing(client: Client) -> None:
    found = answers(importer(client), sent(importer(client, "autre")))
    assert {name for name, status in found.items() if status == 403} == {"delete"}


def test_unknown_visitor_is_sent_to_the_login_page_everywhere(client: Client) -> None:
    run = sent(importer(client))
    client.logout()
    assert set(answers(client, run).values()) == {302}
    assert run.state == ImportRun.objects.get().state


def test_what_changes_something_is_never_a_plain_link(moderator: Client) -> None:
    run = sent(moderator)
    for name in ACTIONS:
        url = reverse(f"admin:directory_importrun_{name}", args=[run.pk])
        assert moderator.get(url).status_code == 405
    url = reverse("admin:directory_importrun_change", args=[run.pk])
    assert moderator.post(url).status_code == 405
