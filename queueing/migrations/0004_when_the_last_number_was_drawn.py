from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("queueing", "0003_pairing_and_floods"),
    ]

    operations = [
        migrations.AddField(
            model_name="queueday",
            name="last_at",
            field=models.DateTimeField(null=True),
        ),
    ]
