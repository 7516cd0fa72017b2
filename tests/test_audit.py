"""The log of accounts: what it holds, what it must not, and for how long."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from directory.models import AuditEntry, AuditEvent, Role, RoleKind
from directory.moderation import audit
from tests.accounts import install_codes, make_user, national, sign_in
from tests.factories import RegionFactory
from tests.test_accounts import CODE, events, give_password

pytestmark = pytest.mark.django_db


def test_failed_sign_ins_are_written_without_what_was_typed(client: Client) -> None:
    user = national()
    install_codes(user)
    give_password(client, "mon mot de passe secret", "x")
    give_password(client, user.username)
    client.post(CODE, {"code": "000000"})
    lines = list(AuditEntry.objects.order_by("pk").values_list("event", "target", "detail"))
    assert lines == [
        (AuditEvent.LOGIN_FAILED, "", ""),
        (AuditEvent.SECOND_STEP_FAILED, f"compte {user.pk}", ""),
    ]


def test_roles_given_and_removed_are_written(client: Client) -> None:
    chief, user = national(), make_user("a")
    sign_in(client, chief)
    region = RegionFactory.create()
    data = {"user": user.pk, "kind": RoleKind.REGION, "region": region.pk}
    client.post(reverse("admin:directory_role_add"), data)
    role = Role.objects.get(user=user)
    assert role.granted_by == chief
    url = reverse("admin:directory_role_change", args=[role.pk])
    client.post(url, {"kind": RoleKind.OBSERVER, "region": region.pk})
    client.post(reverse("admin:directory_role_delete", args=[role.pk]), {"post": "yes"})
    assert events()[-3:] == [
        AuditEvent.ROLE_GIVEN,
        AuditEvent.ROLE_CHANGED,
        AuditEvent.ROLE_REMOVED,
    ]


def test_log_is_kept_for_a_time(settings: Any) -> None:
    settings.AUDIT_DAYS = 30
    for days in (29, 31):
        audit.record(AuditEvent.EXPORT, target=f"{days} jours")
        AuditEntry.objects.filter(target=f"{days} jours").update(
            at=timezone.now() - timedelta(days=days)
        )
    assert audit.prune() == 1
    assert AuditEntry.objects.get().target == "29 jours"


def test_server_resets_the_last_administrators_application(client: Client) -> None:
    user = national()
    install_codes(user)
    sign_in(client, user)
    call_command("reset_second_step", user.username, stdout=StringIO())
    assert not Authenticator.objects.exists()
    assert client.get("/admin/").status_code == 302
    assert AuditEntry.objects.get(event=AuditEvent.SECOND_STEP_RESET).user is None
    with pytest.raises(CommandError, match="aucun compte"):
        call_command("reset_second_step", "personne")


def test_every_night_old_lines_and_sessions_go(settings: Any) -> None:
    settings.AUDIT_DAYS = 0
    Client().force_login(national())
    Session.objects.update(expire_date=timezone.now() - timedelta(days=1))
    call_command("prune_audit", stdout=StringIO())
    assert not AuditEntry.objects.exists()
    assert not Session.objects.exists()


def test_log_is_changed_by_nobody(client: Client) -> None:
    sign_in(client, national())
    audit.record(AuditEvent.EXPORT, target="lieux")
    line = AuditEntry.objects.get(event=AuditEvent.EXPORT)
    url = reverse("admin:directory_auditentry_change", args=[line.pk])
    assert client.get(url).status_code == 200
    assert client.post(url, {"target": "rien"}).status_code == 403
    delete = reverse("admin:directory_auditentry_delete", args=[line.pk])
    assert client.post(delete, {"post": "yes"}).status_code == 403
    assert client.get(reverse("admin:directory_auditentry_add")).status_code == 403
