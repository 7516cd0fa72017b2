from typing import Any

from django.db import migrations

from directory.accounts import sealed


def encrypt(apps: Any, schema_editor: Any) -> None:
    """Encrypt what former versions kept in clear."""
    sealed.renew(apps.get_model("mfa", "Authenticator"))


def uncover(apps: Any, schema_editor: Any) -> None:
    """Give it back in clear: the former version reads nothing else."""
    sealed.uncover(apps.get_model("mfa", "Authenticator"))


class Migration(migrations.Migration):
    """Keys of applications of codes and seeds of recovery codes."""

    dependencies = [
        ("directory", "0051_sent_with"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations = [migrations.RunPython(encrypt, uncover)]
