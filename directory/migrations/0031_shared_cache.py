from django.core.management import call_command
from django.db import migrations


def create(apps, schema_editor):
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    """Make the table where attempts to sign in are counted (CACHES)."""

    dependencies = [("directory", "0030_accounts")]

    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
