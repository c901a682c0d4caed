"""What stands in the hall: kiosks, displays, and browsers that wait to become one."""

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.models import Hall, LiveFields, ReadOften

# A bridge runs on the kiosk itself, so its address may stand in a page's policy.
OWN_MACHINE = r"^http://(127\.0\.0\.1|localhost):[1-9][0-9]{1,4}$"


class Device(ReadOften, LiveFields):
    """A kiosk, lobby display or survey tablet that was let into the hall, and how it is.

    `spoken_version` is the newest call that a display has said to its end.
    """

    live = (
        "seen_at",
        "shown_version",
        "shown_at",
        "printer_state",
        "printer_since",
        "release",
        "screen",
        "spoken_version",
        "sound_state",
        "checked_at",
        "check_seen_at",
        "check_outcome",
    )

    class Kind(models.TextChoices):
        KIOSK = "kiosk", _("Anjungan")
        DISPLAY = "display", _("Layar")
        SURVEY = "survey", _("Tablet survei")

    class Reach(models.TextChoices):
        NORMAL = "normal", _("Biasa")
        LOW = "low", _("Rendah, terjangkau dari kursi roda")

    class Orientation(models.TextChoices):
        AUTO = "auto", _("Menurut layar")
        PORTRAIT = "portrait", _("Tegak")
        LANDSCAPE = "landscape", _("Mendatar")

    class Printer(models.TextChoices):
        NONE = "none", _("Tanpa pencetak")
        BROWSER = "browser", _("Cetak lewat peramban")
        ESCPOS = "escpos", _("Pencetak slip lewat jembatan")

    class Paper(models.IntegerChoices):
        WIDE = 80, _("80 mm")
        NARROW = 58, _("58 mm")

    class PrinterState(models.TextChoices):
        """What a printer last said of itself; `unknown` is one that does not answer in time."""

        NOT_HEARD = "", _("Belum ada kabar")
        READY = "ready", _("Siap")
        PAPER_LOW = "paper_low", _("Kertas hampir habis")
        PAPER_OUT = "paper_out", _("Kertas habis")
        COVER_OPEN = "cover_open", _("Tutup pencetak terbuka")
        GONE = "gone", _("Pencetak tidak tersambung")
        UNKNOWN = "unknown", _("Pencetak tidak menjawab")

    class Look(models.TextChoices):
        LIGHT = "light", _("Terang")
        DARK = "dark", _("Gelap")

    class SoundState(models.TextChoices):
        """What a lobby screen last said of its voice; one that is off says nothing."""

        NOT_HEARD = "", _("Tanpa suara")
        SILENT = "silent", _("Klip suara belum ada")
        BLOCKED = "blocked", _("Menunggu sentuhan")
        BROKEN = "broken", _("Pengeras suara tidak berjalan")
        READY = "ready", _("Siap")

    class Heard(models.TextChoices):
        """What came of a check's call: the audio graph ran through it, or it did not."""

        WAITING = "", _("Belum dijawab")
        HEARD = "heard", _("Terdengar")
        SILENT = "silent", _("Senyap")

    class Language(models.TextChoices):
        INDONESIAN = "id", "Bahasa Indonesia"
        ENGLISH = "en", "English"

    hall = models.ForeignKey(Hall, models.CASCADE, related_name="devices")
    kind = models.CharField(_("jenis"), max_length=8, choices=Kind)
    name = models.CharField(_("nama"), max_length=60)
    key_hash = models.CharField(max_length=64, unique=True, editable=False)
    is_active = models.BooleanField(_("aktif"), default=True)
    seen_at = models.DateTimeField(_("terakhir terlihat"), null=True, editable=False)
    shown_version = models.BigIntegerField(null=True, editable=False)
    shown_at = models.DateTimeField(null=True, editable=False)

    diagonal = models.FloatField(
        _("diagonal layar (inci)"),
        default=21.5,
        validators=[MinValueValidator(7), MaxValueValidator(98)],
    )
    reach = models.CharField(_("jangkauan"), max_length=8, choices=Reach, default=Reach.NORMAL)
    orientation = models.CharField(
        _("arah layar"), max_length=10, choices=Orientation, default=Orientation.AUTO
    )
    language = models.CharField(
        _("bahasa awal"), max_length=2, choices=Language, default=Language.INDONESIAN
    )
    sound = models.BooleanField(_("suara"), default=True)
    locked = models.BooleanField(_("dikunci"), default=False, editable=False)
    printer = models.CharField(_("pencetak"), max_length=8, choices=Printer, default=Printer.NONE)
    paper = models.PositiveSmallIntegerField(_("kertas"), choices=Paper, default=Paper.WIDE)
    bridge = models.CharField(
        _("alamat jembatan"),
        max_length=40,
        blank=True,
        validators=[RegexValidator(OWN_MACHINE, _("Contoh: http://127.0.0.1:9109"))],
        help_text=_("Program kecil di komputer anjungan, misalnya http://127.0.0.1:9109."),
    )
    printer_state = models.CharField(
        max_length=12, choices=PrinterState, blank=True, editable=False
    )
    printer_since = models.DateTimeField(null=True, editable=False)
    release = models.CharField(max_length=16, blank=True, editable=False)
    screen = models.CharField(max_length=24, blank=True, editable=False)

    farthest = models.FloatField(
        _("kursi terjauh (meter)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(0.5), MaxValueValidator(40)],
    )
    part = models.SlugField(_("yang ditampilkan"), max_length=80, blank=True)
    look = models.CharField(_("warna layar"), max_length=5, choices=Look, default=Look.LIGHT)
    sound_state = models.CharField(max_length=8, choices=SoundState, blank=True, editable=False)
    spoken_version = models.BigIntegerField(null=True, editable=False)
    checked_at = models.DateTimeField(null=True, editable=False)
    check_seen_at = models.DateTimeField(null=True, editable=False)
    check_outcome = models.CharField(max_length=6, choices=Heard, blank=True, editable=False)

    class Meta:
        verbose_name = _("perangkat")
        verbose_name_plural = _("perangkat")
        constraints = [
            models.UniqueConstraint(fields=["hall", "name"], name="a_device_name_once_a_hall"),
            models.CheckConstraint(
                condition=models.Q(bridge="") | models.Q(bridge__regex=OWN_MACHINE),
                name="a_bridge_is_on_the_kiosk_itself",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Pairing(models.Model):
    """A browser that waits to become a device: what its screen says, until a manager types it."""

    hall = models.ForeignKey(Hall, models.CASCADE, related_name="pairings")
    kind = models.CharField(max_length=8, choices=Device.Kind)
    code = models.CharField(max_length=8)
    secret_hash = models.CharField(max_length=64, unique=True)
    asked_at = models.DateTimeField()
    device = models.ForeignKey(Device, models.CASCADE, null=True, related_name="pairings")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hall", "code"], name="a_pairing_code_once_a_hall"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.asked_at:%H:%M:%S}"
