import uuid

import django.contrib.auth.models
import django.contrib.auth.validators
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="Agency",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=2, verbose_name="kode")),
                ("slug", models.SlugField(max_length=80, verbose_name="alamat")),
                ("short_name", models.CharField(max_length=40, verbose_name="nama singkat")),
                ("name_id", models.CharField(max_length=160, verbose_name="nama")),
                (
                    "name_en",
                    models.CharField(blank=True, max_length=160, verbose_name="nama (Inggris)"),
                ),
                ("kind", models.CharField(blank=True, max_length=40, verbose_name="jenis")),
                ("zone", models.CharField(blank=True, max_length=8, verbose_name="zona")),
                ("description_id", models.TextField(blank=True, verbose_name="keterangan")),
                (
                    "description_en",
                    models.TextField(blank=True, verbose_name="keterangan (Inggris)"),
                ),
                (
                    "provenance",
                    models.CharField(blank=True, max_length=40, verbose_name="asal data"),
                ),
                ("source_ref", models.CharField(blank=True, max_length=80, verbose_name="sumber")),
            ],
            options={
                "verbose_name": "instansi",
                "verbose_name_plural": "instansi",
                "ordering": ["hall", "code"],
            },
        ),
        migrations.CreateModel(
            name="Hall",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(unique=True, verbose_name="alamat")),
                ("name_id", models.CharField(max_length=120, verbose_name="nama")),
                (
                    "name_en",
                    models.CharField(blank=True, max_length=120, verbose_name="nama (Inggris)"),
                ),
                ("city", models.CharField(blank=True, max_length=80, verbose_name="kota")),
                (
                    "timezone",
                    models.CharField(
                        default="Asia/Jakarta", max_length=40, verbose_name="zona waktu"
                    ),
                ),
                (
                    "always_open",
                    models.BooleanField(
                        default=False,
                        help_text="Untuk peragaan: jam buka tidak berlaku, dan sebuah pita menyatakannya.",
                        verbose_name="buka setiap saat",
                    ),
                ),
                ("epoch", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("version", models.BigIntegerField(default=0, editable=False)),
                ("business_date", models.DateField(editable=False, null=True)),
            ],
            options={
                "verbose_name": "mal pelayanan publik",
                "verbose_name_plural": "mal pelayanan publik",
                "ordering": ["slug"],
            },
        ),
        migrations.CreateModel(
            name="Counter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="nomor loket")),
                (
                    "status",
                    models.CharField(
                        choices=[("open", "Buka"), ("break", "Istirahat"), ("closed", "Tutup")],
                        default="closed",
                        editable=False,
                        max_length=8,
                    ),
                ),
                ("break_reason", models.CharField(blank=True, editable=False, max_length=80)),
                ("break_until", models.DateTimeField(editable=False, null=True)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="counters",
                        to="agencies.agency",
                    ),
                ),
                (
                    "hall",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="counters",
                        to="agencies.hall",
                    ),
                ),
            ],
            options={
                "verbose_name": "loket",
                "verbose_name_plural": "loket",
                "ordering": ["hall", "number"],
            },
        ),
        migrations.AddField(
            model_name="agency",
            name="hall",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="agencies",
                to="agencies.hall",
            ),
        ),
        migrations.CreateModel(
            name="Operator",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "last_login",
                    models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                ),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "username",
                    models.CharField(
                        error_messages={"unique": "A user with that username already exists."},
                        help_text="Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.",
                        max_length=150,
                        unique=True,
                        validators=[django.contrib.auth.validators.UnicodeUsernameValidator()],
                        verbose_name="username",
                    ),
                ),
                (
                    "first_name",
                    models.CharField(blank=True, max_length=150, verbose_name="first name"),
                ),
                (
                    "last_name",
                    models.CharField(blank=True, max_length=150, verbose_name="last name"),
                ),
                (
                    "email",
                    models.EmailField(blank=True, max_length=254, verbose_name="email address"),
                ),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Designates whether the user can log into this admin site.",
                        verbose_name="staff status",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                        verbose_name="active",
                    ),
                ),
                (
                    "date_joined",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="date joined"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("officer", "Petugas loket"),
                            ("greeter", "Resepsionis"),
                            ("supervisor", "Penyelia instansi"),
                            ("manager", "Pengelola MPP"),
                        ],
                        default="officer",
                        max_length=12,
                        verbose_name="peran",
                    ),
                ),
                (
                    "key_hash",
                    models.CharField(
                        default=None, editable=False, max_length=64, null=True, unique=True
                    ),
                ),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="operators",
                        to="agencies.agency",
                    ),
                ),
                (
                    "counter",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="operators",
                        to="agencies.counter",
                    ),
                ),
                (
                    "hall",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="operators",
                        to="agencies.hall",
                    ),
                ),
            ],
            options={
                "verbose_name": "petugas",
                "verbose_name_plural": "petugas",
                "ordering": ["username"],
            },
            managers=[
                ("objects", django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name="OpeningHours",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "weekday",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "Senin"),
                            (1, "Selasa"),
                            (2, "Rabu"),
                            (3, "Kamis"),
                            (4, "Jumat"),
                            (5, "Sabtu"),
                            (6, "Minggu"),
                        ],
                        verbose_name="hari",
                    ),
                ),
                ("opens_at", models.TimeField(verbose_name="buka")),
                ("last_issue_at", models.TimeField(verbose_name="nomor terakhir")),
                ("closes_at", models.TimeField(verbose_name="tutup")),
                (
                    "hall",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="opening_hours",
                        to="agencies.hall",
                    ),
                ),
            ],
            options={
                "verbose_name": "jam buka",
                "verbose_name_plural": "jam buka",
                "ordering": ["hall", "weekday"],
            },
        ),
        migrations.CreateModel(
            name="Queue",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=2, verbose_name="huruf")),
                (
                    "status",
                    models.CharField(
                        choices=[("open", "Buka"), ("paused", "Dijeda"), ("closed", "Tutup")],
                        default="open",
                        max_length=8,
                        verbose_name="status",
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="queues",
                        to="agencies.agency",
                    ),
                ),
                (
                    "hall",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="queues",
                        to="agencies.hall",
                    ),
                ),
            ],
            options={
                "verbose_name": "kelompok antrean",
                "verbose_name_plural": "kelompok antrean",
                "ordering": ["hall", "code"],
            },
        ),
        migrations.AddField(
            model_name="counter",
            name="queues",
            field=models.ManyToManyField(
                related_name="counters", to="agencies.queue", verbose_name="kelompok antrean"
            ),
        ),
        migrations.CreateModel(
            name="Service",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=6, verbose_name="kode")),
                ("slug", models.SlugField(max_length=120, verbose_name="alamat")),
                ("name_id", models.CharField(max_length=200, verbose_name="nama")),
                (
                    "name_en",
                    models.CharField(blank=True, max_length=200, verbose_name="nama (Inggris)"),
                ),
                ("target_minutes", models.PositiveSmallIntegerField(verbose_name="menit di loket")),
                (
                    "requirements_id",
                    models.JSONField(blank=True, default=list, verbose_name="persyaratan"),
                ),
                (
                    "requirements_en",
                    models.JSONField(
                        blank=True, default=list, verbose_name="persyaratan (Inggris)"
                    ),
                ),
                (
                    "fee_idr",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="biaya (rupiah)"
                    ),
                ),
                ("fee_note_id", models.TextField(blank=True, verbose_name="catatan biaya")),
                (
                    "fee_note_en",
                    models.TextField(blank=True, verbose_name="catatan biaya (Inggris)"),
                ),
                (
                    "processing_time_id",
                    models.CharField(blank=True, max_length=200, verbose_name="jangka waktu"),
                ),
                (
                    "processing_time_en",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="jangka waktu (Inggris)"
                    ),
                ),
                ("online_url", models.URLField(blank=True, verbose_name="layanan daring")),
                (
                    "provenance",
                    models.CharField(blank=True, max_length=40, verbose_name="asal data"),
                ),
                (
                    "legal_basis",
                    models.CharField(blank=True, max_length=240, verbose_name="dasar hukum"),
                ),
                ("source_ref", models.CharField(blank=True, max_length=80, verbose_name="sumber")),
                (
                    "aliases",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text="Kata sehari-hari yang dipakai warga untuk layanan ini.",
                        verbose_name="kata pencarian",
                    ),
                ),
                (
                    "frequent_rank",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="urutan paling sering"
                    ),
                ),
                ("is_open", models.BooleanField(default=True, verbose_name="dibuka")),
                (
                    "hall",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="services",
                        to="agencies.hall",
                    ),
                ),
                (
                    "queue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="services",
                        to="agencies.queue",
                    ),
                ),
            ],
            options={
                "verbose_name": "layanan",
                "verbose_name_plural": "layanan",
                "ordering": ["hall", "code"],
            },
        ),
        migrations.AddConstraint(
            model_name="agency",
            constraint=models.UniqueConstraint(
                fields=("hall", "code"), name="an_agency_code_once_a_hall"
            ),
        ),
        migrations.AddConstraint(
            model_name="agency",
            constraint=models.UniqueConstraint(
                fields=("hall", "slug"), name="an_agency_slug_once_a_hall"
            ),
        ),
        migrations.AddConstraint(
            model_name="operator",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("role__in", ["greeter", "manager"]),
                    ("agency__isnull", False),
                    ("is_superuser", True),
                    _connector="OR",
                ),
                name="an_officer_belongs_to_an_agency",
            ),
        ),
        migrations.AddConstraint(
            model_name="openinghours",
            constraint=models.UniqueConstraint(
                fields=("hall", "weekday"), name="hours_once_a_weekday"
            ),
        ),
        migrations.AddConstraint(
            model_name="openinghours",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("opens_at__lt", models.F("last_issue_at")),
                    ("last_issue_at__lte", models.F("closes_at")),
                ),
                name="opens_then_issues_then_closes",
            ),
        ),
        migrations.AddConstraint(
            model_name="queue",
            constraint=models.UniqueConstraint(
                fields=("hall", "code"), name="a_queue_letter_once_a_hall"
            ),
        ),
        migrations.AddConstraint(
            model_name="queue",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["open", "paused", "closed"])),
                name="only_known_queue_statuses",
            ),
        ),
        migrations.AddConstraint(
            model_name="counter",
            constraint=models.UniqueConstraint(
                fields=("hall", "number"), name="a_counter_number_once_a_hall"
            ),
        ),
        migrations.AddConstraint(
            model_name="counter",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["open", "break", "closed"])),
                name="only_known_counter_statuses",
            ),
        ),
        migrations.AddConstraint(
            model_name="service",
            constraint=models.UniqueConstraint(
                fields=("hall", "code"), name="a_service_code_once_a_hall"
            ),
        ),
        migrations.AddConstraint(
            model_name="service",
            constraint=models.UniqueConstraint(
                fields=("hall", "slug"), name="a_service_slug_once_a_hall"
            ),
        ),
    ]
