"""The change log and the triggers that write it (docs/decisions/0007-change-log.md)."""

import django.db.models.functions.datetime
from django.db import migrations, models

from directory.models.change_triggers import install_triggers, remove_triggers


def install(apps, schema_editor):
    """Create the triggers."""
    install_triggers(schema_editor.connection)


def remove(apps, schema_editor):
    """Drop the triggers, before the table they write to."""
    remove_triggers(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("directory", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Change",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("place", "Lieu"), ("service", "Service"), ("actor", "Acteur"), ("everything", "Tout")], max_length=10, verbose_name="objet")),
                ("object_id", models.BigIntegerField(verbose_name="numéro")),
                ("changed_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="changé le")),
                ("transaction_id", models.BigIntegerField(null=True, verbose_name="transaction (PostgreSQL)")),
            ],
            options={
                "db_table": "directory_change",
                "verbose_name": "changement",
                "ordering": ("pk",),
                "indexes": [
                    models.Index(fields=["transaction_id"], name="change_transaction_idx"),
                    models.Index(fields=["changed_at"], name="change_changed_at_idx"),
                ],
            },
        ),
        migrations.RunPython(install, remove),
    ]
