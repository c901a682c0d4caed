"""When may one come? Timetables with their windows, holidays, and how many are served a day."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.models.hall import Hall, in_language
from agencies.models.offers import Agency, Queue, Service


class Weekday(models.IntegerChoices):
    MONDAY = 0, _("Senin")
    TUESDAY = 1, _("Selasa")
    WEDNESDAY = 2, _("Rabu")
    THURSDAY = 3, _("Kamis")
    FRIDAY = 4, _("Jumat")
    SATURDAY = 5, _("Sabtu")
    SUNDAY = 6, _("Minggu")


def begins_before_it_ends(name: str) -> models.CheckConstraint:
    """Return the truth about a range of dates, either end of which may be open."""
    return models.CheckConstraint(
        condition=models.Q(first_date=None)
        | models.Q(last_date=None)
        | models.Q(first_date__lte=models.F("last_date")),
        name=name,
        violation_error_message=_("Tanggal akhir tidak boleh sebelum tanggal awal."),
    )


class Timetable(models.Model):
    """The weekly hours of the hall, of one agency, or of some services, for always or for a while.

    Hall, agency and service all have to be open; on each level the timetable with the shortest
    range of dates counts. A single day is an exception, and without windows the day is closed.
    """

    class Level(models.TextChoices):
        HALL = "hall", _("Seluruh gedung")
        AGENCY = "agency", _("Satu instansi")
        SERVICE = "service", _("Layanan tertentu")

    hall = models.ForeignKey(
        Hall, models.CASCADE, related_name="timetables", verbose_name=_("gedung")
    )
    level = models.CharField(_("berlaku untuk"), max_length=8, choices=Level, default=Level.HALL)
    agency = models.ForeignKey(
        Agency,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="timetables",
        verbose_name=_("instansi"),
    )
    services = models.ManyToManyField(
        Service, blank=True, related_name="timetables", verbose_name=_("layanan")
    )
    name = models.CharField(
        _("nama"), max_length=80, help_text=_("Misalnya: Jam biasa, Ramadan 1448 H, Rapat dinas.")
    )
    first_date = models.DateField(
        _("mulai tanggal"), null=True, blank=True, help_text=_("Kosong: sejak dulu.")
    )
    last_date = models.DateField(
        _("sampai tanggal"),
        null=True,
        blank=True,
        help_text=_("Kosong: seterusnya. Untuk satu hari: isi tanggal yang sama."),
    )
    is_closed = models.BooleanField(
        _("tutup sepanjang hari"),
        default=False,
        help_text=_("Selama tanggal ini tidak ada nomor yang diberikan."),
    )

    class Meta:
        verbose_name = _("jadwal buka")
        verbose_name_plural = _("jadwal buka")
        ordering = ["hall", "level", "agency__code", "first_date", "name"]
        constraints = [
            begins_before_it_ends("a_timetable_begins_before_it_ends"),
            models.CheckConstraint(
                condition=models.Q(level="agency", agency__isnull=False)
                | models.Q(level__in=["hall", "service"], agency__isnull=True),
                name="an_agency_timetable_names_its_agency",
                violation_error_message=_("Jadwal satu instansi menyebut instansinya."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Window(models.Model):
    """From when to when numbers are given on a weekday, and until when people are served.

    Two windows on a day leave a break between them. Without a weekday it counts on every weekday
    that has no window of its own.
    """

    timetable = models.ForeignKey(Timetable, models.CASCADE, related_name="windows")
    weekday = models.PositiveSmallIntegerField(
        _("hari"), choices=Weekday, null=True, blank=True, help_text=_("Kosong: setiap hari lain.")
    )
    opens_at = models.TimeField(_("buka"))
    last_issue_at = models.TimeField(_("nomor terakhir"))
    closes_at = models.TimeField(_("tutup"))

    class Meta:
        verbose_name = _("jam buka")
        verbose_name_plural = _("jam buka")
        ordering = ["timetable", "weekday", "opens_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(opens_at__lt=models.F("last_issue_at"))
                & models.Q(last_issue_at__lte=models.F("closes_at")),
                name="a_window_opens_then_issues_then_closes",
                violation_error_message=_("Jam harus berurutan: buka, nomor terakhir, tutup."),
            ),
            models.CheckConstraint(
                condition=models.Q(weekday=None) | models.Q(weekday__lte=Weekday.SUNDAY),
                name="a_window_is_on_a_weekday",
            ),
        ]

    def __str__(self) -> str:
        day = _("Setiap hari lain") if self.weekday is None else Weekday(self.weekday).label
        return f"{day} {self.opens_at:%H.%M}-{self.closes_at:%H.%M}"


class Holiday(models.Model):
    """A day on which the hall is closed: national, joint leave (cuti bersama), or of this town.

    One that nobody has confirmed closes the hall as well: most estimates are right, and nobody must
    be sent to a locked door. The manager is warned weeks before (docs/calendar.md).
    """

    class Kind(models.TextChoices):
        NATIONAL = "national", _("Libur nasional")
        JOINT_LEAVE = "joint_leave", _("Cuti bersama")
        LOCAL = "local", _("Libur setempat")

    hall = models.ForeignKey(
        Hall, models.CASCADE, related_name="holidays", verbose_name=_("gedung")
    )
    date = models.DateField(_("tanggal"))
    name_id = models.CharField(_("nama"), max_length=120)
    name_en = models.CharField(_("nama (Inggris)"), max_length=120, blank=True)
    kind = models.CharField(_("jenis"), max_length=12, choices=Kind, default=Kind.LOCAL)
    is_confirmed = models.BooleanField(
        _("sudah pasti"),
        default=True,
        help_text=_("Belum pasti: perkiraan, sampai keputusan bersama tahun itu terbit."),
    )
    is_closed = models.BooleanField(
        _("gedung tutup"), default=True, help_text=_("Hapus tandanya bila gedung tetap buka.")
    )

    class Meta:
        verbose_name = _("hari libur")
        verbose_name_plural = _("hari libur")
        ordering = ["hall", "date"]
        constraints = [
            models.UniqueConstraint(
                fields=["hall", "date"],
                name="a_holiday_once_a_day",
                violation_error_message=_("Tanggal ini sudah tercatat sebagai hari libur."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_language(self.name_id, self.name_en)


class Quota(models.Model):
    """How many of a queue's services can be had on one day; the timetables say on which days."""

    hall = models.ForeignKey(Hall, models.CASCADE, related_name="quotas", verbose_name=_("gedung"))
    queue = models.ForeignKey(
        Queue, models.CASCADE, related_name="quotas", verbose_name=_("kelompok antrean")
    )
    services = models.ManyToManyField(
        Service,
        blank=True,
        related_name="quotas",
        verbose_name=_("layanan"),
        help_text=_("Layanan ini berbagi satu kuota. Kosong: semua layanan antrean ini."),
    )
    amount = models.PositiveSmallIntegerField(_("banyaknya sehari"))
    first_date = models.DateField(
        _("mulai tanggal"), null=True, blank=True, help_text=_("Kosong: sejak dulu.")
    )
    last_date = models.DateField(
        _("sampai tanggal"), null=True, blank=True, help_text=_("Kosong: seterusnya.")
    )
    weekdays = ArrayField(
        models.PositiveSmallIntegerField(choices=Weekday),
        verbose_name=_("hari"),
        default=list,
        blank=True,
        help_text=_("Kosong: setiap hari buka. Hari dan jam layanan sendiri ada di jadwal buka."),
    )

    class Meta:
        verbose_name = _("kuota")
        verbose_name_plural = _("kuota")
        ordering = ["hall", "queue__code", "first_date", "pk"]
        constraints = [begins_before_it_ends("a_quota_begins_before_it_ends")]

    def __str__(self) -> str:
        return _("Kuota %(queue)s: %(amount)d sehari") % {
            "queue": self.queue.code,
            "amount": self.amount,
        }
