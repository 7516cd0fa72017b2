"""Second steps are encrypted under the site's secret, which may be renewed."""

import logging
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.test import Client
from pytest_django import Settings

from directory.accounts import sealed
from mediation.secret_key import fallbacks, secret_key
from tests.accounts import PASSWORD, SECRET, code, install_codes, make_user, national

pytestmark = pytest.mark.django_db


def kept() -> str:
    """Everything that the database holds of second steps."""
    return str(list(Authenticator.objects.values_list("data", flat=True)))


def sign_in_by_code(client: Client, given: str) -> int:
    """Sign in by the password, then a code; return the status of the moderators' side."""
    client.post("/compte/connexion/", {"login": "nationale", "password": PASSWORD})
    client.post("/compte/code/", {"code": given})
    return client.get("/admin/").status_code


def test_database_holds_no_key_in_clear() -> None:
    user = national()
    install_codes(user)
    codes = RecoveryCodes.activate(user)
    assert SECRET not in kept()
    assert all(one not in kept() for one in codes.generate_codes())
    assert kept().count(sealed.MARK) == 2


def test_code_of_an_encrypted_key_signs_in(client: Client) -> None:
    install_codes(national())
    assert sign_in_by_code(client, code()) == 200


def test_recovery_code_signs_in_and_serves_once(client: Client) -> None:
    install_codes(user := national())
    given = RecoveryCodes.activate(user).generate_codes()[0]
    assert sign_in_by_code(client, given) == 200
    assert sign_in_by_code(Client(), given) == 302


def test_same_key_is_never_encrypted_alike() -> None:
    assert sealed.encrypt(SECRET) != sealed.encrypt(SECRET)


def test_former_secret_still_opens(settings: Settings) -> None:
    text = sealed.encrypt(SECRET)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "un nouveau"
    assert sealed.decrypt(text) == SECRET


def test_renewed_second_steps_need_the_former_secret_no_more(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    install_codes(user := national())
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "un nouveau"
    call_command("renew_second_steps")
    assert "2 renouvelées" in capsys.readouterr().out
    settings.SECRET_KEY_FALLBACKS = []
    assert TOTP(Authenticator.objects.get(user=user, type="totp")).validate_code(code())


def test_lost_secret_fits_no_code_and_is_said_in_the_log(
    settings: Settings, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    install_codes(national())
    settings.SECRET_KEY = "perdu"
    with caplog.at_level(logging.ERROR):
        assert sign_in_by_code(client, code()) == 302
    assert "no longer has" in caplog.text


def test_lost_secret_leaves_what_it_closed_when_renewing(settings: Settings) -> None:
    install_codes(national())
    before, settings.SECRET_KEY = kept(), "perdu"
    sealed.renew(Authenticator)
    assert kept() == before


def test_keys_kept_in_clear_are_read_and_encrypted_by_the_migration() -> None:
    user = make_user("ancienne")
    clear: dict[str, Any] = {"user": user, "type": "totp", "data": {"secret": SECRET}}
    one = Authenticator.objects.create(**clear)
    assert TOTP(one).validate_code(code())
    other = Authenticator.objects.create(
        user=user, type="recovery_codes", data={"migrated_codes": ["12345678"], "used_mask": 0}
    )
    migration = import_module("directory.migrations.0053_second_steps_encrypted")
    migration.encrypt(apps, None)
    assert SECRET not in kept()
    assert "12345678" not in kept()
    other.refresh_from_db()
    assert RecoveryCodes(other).generate_codes() == ["12345678"]
    migration.uncover(apps, None)
    one.refresh_from_db()
    assert one.data == {"secret": SECRET}


# --- The secret ---------------------------------------------------------------------------------


def test_given_secret_is_the_one(tmp_path: Path) -> None:
    assert secret_key({"DJANGO_SECRET_KEY": "le nôtre"}, tmp_path) == "le nôtre"
    assert not list(tmp_path.iterdir())


def test_machine_of_ones_own_keeps_its_secret_for_itself(tmp_path: Path) -> None:
    made = secret_key({}, tmp_path / "var")
    assert secret_key({}, tmp_path / "var") == made
    assert len(made) > 50
    (file,) = (tmp_path / "var").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600


def test_production_without_a_secret_does_not_start() -> None:
    with pytest.raises(ImproperlyConfigured, match="DJANGO_SECRET_KEY is missing"):
        secret_key({}, None)


def test_former_secrets_are_separated_by_spaces() -> None:
    assert fallbacks({"DJANGO_SECRET_KEY_FALLBACKS": "un  deux"}) == ["un", "deux"]
    assert fallbacks({}) == []
