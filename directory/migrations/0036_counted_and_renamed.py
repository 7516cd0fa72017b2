from django.db import migrations

from directory.moderation import completeness


def rename(apps, schema_editor):
    """What was "something else" is a correction, by its message; what is gone has no field."""
    rows = apps.get_model("directory", "Contribution").objects
    rows.filter(kind="other").update(kind="correction")
    rows.filter(kind="closed").update(changes={})


def count(apps, schema_editor):
    completeness.refresh(
        None,
        apps.get_model("directory", "Place"),
        apps.get_model("directory", "ServiceNeed"),
    )


class Migration(migrations.Migration):
    """Count how complete each place is; a kind of contribution has gone."""

    dependencies = [("directory", "0035_contributions")]

    operations = [
        migrations.RunPython(rename, migrations.RunPython.noop),
        migrations.RunPython(count, migrations.RunPython.noop),
    ]
