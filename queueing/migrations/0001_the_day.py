import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import queueing.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("agencies", "0001_the_hall"),
    ]

    operations = [
        migrations.CreateModel(
            name="Canary",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sang_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Command",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("caller", models.CharField(max_length=80)),
                ("key", models.CharField(max_length=255)),
                ("fingerprint", models.CharField(max_length=64)),
                ("status", models.PositiveSmallIntegerField(null=True)),
                ("answer", models.TextField(blank=True, db_default="")),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "indexes": [models.Index(fields=["at"], name="command_at")],
                "constraints": [
                    models.UniqueConstraint(fields=("caller", "key"), name="a_key_once_a_caller")
                ],
            },
        ),
        migrations.CreateModel(
            name="Device",
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
                        choices=[("kiosk", "Anjungan"), ("display", "Layar")],
                        max_length=8,
                        verbose_name="jenis",
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="nama")),
                ("key_hash", models.CharField(editable=False, max_length=64, unique=True)),
                ("is_active", models.BooleanField(default=True, verbose_name="aktif")),
                ("shown_version", models.BigIntegerField(editable=False, null=True)),
                ("shown_at", models.DateTimeField(editable=False, null=True)),
                (
                    "hall",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="devices",
                        to="agencies.hall",
                    ),
                ),
            ],
            options={
                "verbose_name": "perangkat",
                "verbose_name_plural": "perangkat",
            },
        ),
        migrations.CreateModel(
            name="QueueDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("date", models.DateField()),
                ("last_number", models.PositiveIntegerField(default=0)),
                (
                    "queue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="days",
                        to="agencies.queue",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Ticket",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("date", models.DateField()),
                ("number", models.PositiveIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Menunggu"),
                            ("called", "Dipanggil"),
                            ("serving", "Dilayani"),
                            ("done", "Selesai"),
                            ("no_show", "Lewat"),
                            ("on_hold", "Ditunda"),
                            ("transferred", "Dialihkan"),
                            ("cancelled", "Dibatalkan"),
                            ("expired", "Kedaluwarsa"),
                        ],
                        default="waiting",
                        max_length=12,
                    ),
                ),
                (
                    "priority",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("elderly", "Lansia"),
                            ("disability", "Penyandang disabilitas"),
                            ("pregnant", "Ibu hamil"),
                            ("nursing", "Ibu menyusui"),
                            ("small_child", "Membawa balita"),
                            ("child", "Anak"),
                            ("disaster", "Korban bencana"),
                            ("unsaid", "Tidak disebut"),
                        ],
                        max_length=12,
                    ),
                ),
                ("effective_time", models.DateTimeField()),
                ("issued_at", models.DateTimeField()),
                ("called_at", models.DateTimeField(null=True)),
                ("started_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("last_call_at", models.DateTimeField(null=True)),
                ("calls", models.PositiveSmallIntegerField(default=0)),
                ("returns", models.PositiveSmallIntegerField(default=0)),
                ("note", models.CharField(blank=True, max_length=200)),
                (
                    "counter",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tickets",
                        to="agencies.counter",
                    ),
                ),
                (
                    "hall",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tickets",
                        to="agencies.hall",
                    ),
                ),
                (
                    "leg_of",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="legs",
                        to="queueing.ticket",
                    ),
                ),
                (
                    "queue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tickets",
                        to="agencies.queue",
                    ),
                ),
                ("services", models.ManyToManyField(related_name="tickets", to="agencies.service")),
            ],
            options={
                "verbose_name": "nomor antrean",
                "verbose_name_plural": "nomor antrean",
            },
        ),
        migrations.CreateModel(
            name="TicketEvent",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "hall_id",
                        "version",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("version", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("date", models.DateField()),
                ("kind", models.CharField(max_length=16)),
                ("label", models.CharField(blank=True, max_length=12)),
                ("queue", models.CharField(blank=True, max_length=2)),
                ("service", models.CharField(blank=True, max_length=60)),
                ("counter", models.PositiveSmallIntegerField(null=True)),
                ("actor", models.CharField(max_length=80)),
                ("detail", models.JSONField(default=dict)),
                (
                    "hall",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="agencies.hall",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="queueing.ticket",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Visit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("date", models.DateField()),
                (
                    "token",
                    models.CharField(default=queueing.models.new_token, max_length=40, unique=True),
                ),
                ("language", models.CharField(default="id", max_length=2)),
                (
                    "channel",
                    models.CharField(
                        choices=[("kiosk", "Anjungan"), ("greeter", "Resepsionis")], max_length=8
                    ),
                ),
                ("arrived_at", models.DateTimeField()),
                (
                    "device",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to="queueing.device",
                    ),
                ),
                (
                    "hall",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to="agencies.hall",
                    ),
                ),
            ],
            options={
                "verbose_name": "kunjungan",
                "verbose_name_plural": "kunjungan",
            },
        ),
        migrations.AddField(
            model_name="ticket",
            name="visit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="tickets",
                to="queueing.visit",
            ),
        ),
        migrations.CreateModel(
            name="DayClose",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("date", models.DateField()),
                ("expired", models.PositiveIntegerField(default=0)),
                ("at", models.DateTimeField()),
                (
                    "hall",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="day_closes",
                        to="agencies.hall",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("hall", "date"), name="a_day_closes_once")
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="device",
            constraint=models.UniqueConstraint(
                fields=("hall", "name"), name="a_device_name_once_a_hall"
            ),
        ),
        migrations.AddConstraint(
            model_name="queueday",
            constraint=models.UniqueConstraint(
                fields=("queue", "date"), name="a_queue_has_one_series_a_day"
            ),
        ),
        migrations.AddIndex(
            model_name="ticketevent",
            index=models.Index(
                condition=models.Q(("kind__in", ["call", "recall"])),
                fields=["hall", "date", "version"],
                name="the_calls_of_a_day",
            ),
        ),
        migrations.AddIndex(
            model_name="visit",
            index=models.Index(fields=["device", "arrived_at"], name="visit_device_arrived"),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("state", "waiting")),
                fields=["queue", "effective_time", "id"],
                name="the_waiting_line",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(fields=["hall", "date"], name="ticket_hall_date"),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.UniqueConstraint(
                fields=("queue", "date", "number"), name="a_number_once_a_day_and_queue"
            ),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("called", "serving"))),
                fields=("counter",),
                name="one_open_ticket_at_a_counter",
            ),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("called", "serving"))),
                fields=("visit",),
                name="a_visit_is_at_one_counter",
            ),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "waiting",
                            "called",
                            "serving",
                            "done",
                            "no_show",
                            "on_hold",
                            "transferred",
                            "cancelled",
                            "expired",
                        ],
                    )
                ),
                name="only_known_ticket_states",
            ),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ("called", "serving")), _negated=True),
                    ("counter__isnull", False),
                    _connector="OR",
                ),
                name="an_open_ticket_has_a_counter",
            ),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__gte", 1)), name="numbers_start_at_one"
            ),
        ),
    ]
