from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("agencies", "0004_without_opening_hours")]

    operations = [
        migrations.AddField(
            model_name="hall",
            name="life_events",
            field=models.JSONField(
                blank=True, default=list, editable=False, verbose_name="peristiwa hidup"
            ),
        ),
    ]
