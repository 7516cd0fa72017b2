"""Who collected a row of a list put together from several: lost until now, owed as attribution."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("directory", "0021_rule_length")]

    operations = [
        migrations.AddField(
            model_name="placesource",
            name="collected_by",
            field=models.CharField(
                blank=True,
                max_length=200,
                verbose_name="collecté par (colonne « source » du standard)",
            ),
        ),
    ]
