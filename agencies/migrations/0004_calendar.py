import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

# Whoever changes a calendar, by whatever way, gives the hall a new mark: processes that remember
# the old calendar read it again (agencies/calendar.py).
MARK = """
CREATE FUNCTION mark_calendar() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed jsonb := to_jsonb(COALESCE(NEW, OLD));
BEGIN
    UPDATE agencies_hall SET calendar_mark = gen_random_uuid() WHERE id = COALESCE(
        (changed->>'hall_id')::bigint,
        (SELECT hall_id FROM agencies_timetable WHERE id = (changed->>'timetable_id')::bigint),
        (SELECT hall_id FROM agencies_quota WHERE id = (changed->>'quota_id')::bigint));
    RETURN NULL;
END $$;
"""
TABLES = ["timetable", "timetable_services", "window", "holiday", "quota", "quota_services"]
TRIGGERS = "".join(
    f"CREATE TRIGGER mark_calendar AFTER INSERT OR UPDATE OR DELETE ON agencies_{table}"
    " FOR EACH ROW EXECUTE FUNCTION mark_calendar();"
    for table in TABLES
)


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0003_second_factor_and_audit"),
    ]

    operations = [
        migrations.AddField(
            model_name="hall",
            name="calendar_is_edited",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name="hall",
            name="calendar_mark",
            field=models.UUIDField(default=uuid.uuid4, editable=False),
        ),
        migrations.CreateModel(
            name="Holiday",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("date", models.DateField(verbose_name="tanggal")),
                ("name_id", models.CharField(max_length=120, verbose_name="nama")),
                (
                    "name_en",
                    models.CharField(blank=True, max_length=120, verbose_name="nama (Inggris)"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("national", "Libur nasional"),
                            ("joint_leave", "Cuti bersama"),
                            ("local", "Libur setempat"),
                        ],
                        default="local",
                        max_length=12,
                        verbose_name="jenis",
                    ),
                ),
                (
                    "is_confirmed",
                    models.BooleanField(
                        default=True,
                        help_text="Belum pasti: perkiraan, sampai keputusan bersama tahun itu terbit.",
                        verbose_name="sudah pasti",
                    ),
                ),
                (
                    "is_closed",
                    models.BooleanField(
                        default=True,
                        help_text="Hapus tandanya bila gedung tetap buka.",
                        verbose_name="gedung tutup",
                    ),
                ),
                (
                    "hall",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="holidays",
                        to="agencies.hall",
                        verbose_name="gedung",
                    ),
                ),
            ],
            options={
                "verbose_name": "hari libur",
                "verbose_name_plural": "hari libur",
                "ordering": ["hall", "date"],
            },
        ),
        migrations.CreateModel(
            name="Quota",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("amount", models.PositiveSmallIntegerField(verbose_name="banyaknya sehari")),
                (
                    "first_date",
                    models.DateField(
                        blank=True,
                        help_text="Kosong: sejak dulu.",
                        null=True,
                        verbose_name="mulai tanggal",
                    ),
                ),
                (
                    "last_date",
                    models.DateField(
                        blank=True,
                        help_text="Kosong: seterusnya.",
                        null=True,
                        verbose_name="sampai tanggal",
                    ),
                ),
                (
                    "weekdays",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(
                            choices=[
                                (0, "Senin"),
                                (1, "Selasa"),
                                (2, "Rabu"),
                                (3, "Kamis"),
                                (4, "Jumat"),
                                (5, "Sabtu"),
                                (6, "Minggu"),
                            ]
                        ),
                        blank=True,
                        default=list,
                        help_text="Kosong: setiap hari buka. Hari dan jam layanan sendiri ada di jadwal buka.",
                        size=None,
                        verbose_name="hari",
                    ),
                ),
                (
                    "hall",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="quotas",
                        to="agencies.hall",
                        verbose_name="gedung",
                    ),
                ),
                (
                    "queue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="quotas",
                        to="agencies.queue",
                        verbose_name="kelompok antrean",
                    ),
                ),
                (
                    "services",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Layanan ini berbagi satu kuota. Kosong: semua layanan antrean ini.",
                        related_name="quotas",
                        to="agencies.service",
                        verbose_name="layanan",
                    ),
                ),
            ],
            options={
                "verbose_name": "kuota",
                "verbose_name_plural": "kuota",
                "ordering": ["hall", "queue__code", "first_date", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Timetable",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("hall", "Seluruh gedung"),
                            ("agency", "Satu instansi"),
                            ("service", "Layanan tertentu"),
                        ],
                        default="hall",
                        max_length=8,
                        verbose_name="berlaku untuk",
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="Misalnya: Jam biasa, Ramadan 1448 H, Rapat dinas.",
                        max_length=80,
                        verbose_name="nama",
                    ),
                ),
                (
                    "first_date",
                    models.DateField(
                        blank=True,
                        help_text="Kosong: sejak dulu.",
                        null=True,
                        verbose_name="mulai tanggal",
                    ),
                ),
                (
                    "last_date",
                    models.DateField(
                        blank=True,
                        help_text="Kosong: seterusnya. Untuk satu hari: isi tanggal yang sama.",
                        null=True,
                        verbose_name="sampai tanggal",
                    ),
                ),
                (
                    "is_closed",
                    models.BooleanField(
                        default=False,
                        help_text="Selama tanggal ini tidak ada nomor yang diberikan.",
                        verbose_name="tutup sepanjang hari",
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="timetables",
                        to="agencies.agency",
                        verbose_name="instansi",
                    ),
                ),
                (
                    "hall",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="timetables",
                        to="agencies.hall",
                        verbose_name="gedung",
                    ),
                ),
                (
                    "services",
                    models.ManyToManyField(
                        blank=True,
                        related_name="timetables",
                        to="agencies.service",
                        verbose_name="layanan",
                    ),
                ),
            ],
            options={
                "verbose_name": "jadwal buka",
                "verbose_name_plural": "jadwal buka",
                "ordering": ["hall", "level", "agency__code", "first_date", "name"],
            },
        ),
        migrations.CreateModel(
            name="Window",
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
                        blank=True,
                        choices=[
                            (0, "Senin"),
                            (1, "Selasa"),
                            (2, "Rabu"),
                            (3, "Kamis"),
                            (4, "Jumat"),
                            (5, "Sabtu"),
                            (6, "Minggu"),
                        ],
                        help_text="Kosong: setiap hari lain.",
                        null=True,
                        verbose_name="hari",
                    ),
                ),
                ("opens_at", models.TimeField(verbose_name="buka")),
                ("last_issue_at", models.TimeField(verbose_name="nomor terakhir")),
                ("closes_at", models.TimeField(verbose_name="tutup")),
                (
                    "timetable",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="windows",
                        to="agencies.timetable",
                    ),
                ),
            ],
            options={
                "verbose_name": "jam buka",
                "verbose_name_plural": "jam buka",
                "ordering": ["timetable", "weekday", "opens_at"],
            },
        ),
        migrations.AddConstraint(
            model_name="holiday",
            constraint=models.UniqueConstraint(
                fields=("hall", "date"),
                name="a_holiday_once_a_day",
                violation_error_message="Tanggal ini sudah tercatat sebagai hari libur.",
            ),
        ),
        migrations.AddConstraint(
            model_name="quota",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("first_date", None),
                    ("last_date", None),
                    ("first_date__lte", models.F("last_date")),
                    _connector="OR",
                ),
                name="a_quota_begins_before_it_ends",
                violation_error_message="Tanggal akhir tidak boleh sebelum tanggal awal.",
            ),
        ),
        migrations.AddConstraint(
            model_name="timetable",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("first_date", None),
                    ("last_date", None),
                    ("first_date__lte", models.F("last_date")),
                    _connector="OR",
                ),
                name="a_timetable_begins_before_it_ends",
                violation_error_message="Tanggal akhir tidak boleh sebelum tanggal awal.",
            ),
        ),
        migrations.AddConstraint(
            model_name="timetable",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("agency__isnull", False), ("level", "agency")),
                    models.Q(("agency__isnull", True), ("level__in", ["hall", "service"])),
                    _connector="OR",
                ),
                name="an_agency_timetable_names_its_agency",
                violation_error_message="Jadwal satu instansi menyebut instansinya.",
            ),
        ),
        migrations.AddConstraint(
            model_name="window",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("opens_at__lt", models.F("last_issue_at")),
                    ("last_issue_at__lte", models.F("closes_at")),
                ),
                name="a_window_opens_then_issues_then_closes",
                violation_error_message="Jam harus berurutan: buka, nomor terakhir, tutup.",
            ),
        ),
        migrations.AddConstraint(
            model_name="window",
            constraint=models.CheckConstraint(
                condition=models.Q(("weekday", None), ("weekday__lte", 6), _connector="OR"),
                name="a_window_is_on_a_weekday",
            ),
        ),
        migrations.RunSQL(MARK + TRIGGERS, "DROP FUNCTION mark_calendar() CASCADE"),
    ]
