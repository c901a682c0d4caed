from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("agencies", "0003_second_factor_and_audit")]

    operations = [
        migrations.AddField(
            model_name="hall",
            name="life_events",
            field=models.JSONField(
                blank=True, default=list, editable=False, verbose_name="peristiwa hidup"
            ),
        ),
    ]
