import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0003_second_factor_and_audit"),
        ("queueing", "0002_events_are_never_changed"),
    ]

    operations = [
        migrations.AddField(
            model_name="device",
            name="seen_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="terakhir terlihat"),
        ),
        migrations.CreateModel(
            name="Flood",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("date", models.DateField()),
                ("kind", models.CharField(max_length=12)),
                ("count", models.PositiveBigIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("date", "kind"), name="a_flood_once_a_day_and_kind"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Pairing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("kiosk", "Anjungan"), ("display", "Layar")], max_length=8
                    ),
                ),
                ("code", models.CharField(max_length=8)),
                ("secret_hash", models.CharField(max_length=64, unique=True)),
                ("asked_at", models.DateTimeField()),
                (
                    "device",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pairings",
                        to="queueing.device",
                    ),
                ),
                (
                    "hall",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pairings",
                        to="agencies.hall",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("hall", "code"), name="a_pairing_code_once_a_hall"
                    )
                ],
            },
        ),
    ]
