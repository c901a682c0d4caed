"""What is printed: the hall's own words on a slip, each slip that came out, each job of a kiosk."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.models import Hall, in_language
from queueing.models.devices import Device
from queueing.models.tickets import Ticket

MOST_LINES = 4
LONGEST_LINE = 60


def own_lines(text: str) -> list[str]:
    """Return the lines of a text, without what a printer could take for an order."""
    lines = (" ".join(map(plain, line.split())) for line in text.replace("\r", "\n").split("\n"))
    return [line for line in lines if line.strip()]


def plain(word: str) -> str:
    return "".join(letter for letter in word if letter.isprintable())


def few_and_short(text: str) -> None:
    lines = own_lines(text)
    if len(lines) > MOST_LINES or any(len(line) > LONGEST_LINE for line in lines):
        raise ValidationError(_("Paling banyak 4 baris, masing-masing 60 huruf."))


class SlipDesign(models.Model):
    """What a hall puts on its slips: a logo, small and black on white, and a few lines.

    The logo lies in the database: it is a few kilobytes, and so it is in every backup.
    """

    hall = models.OneToOneField(
        Hall, models.CASCADE, related_name="slip_design", verbose_name=_("mal pelayanan publik")
    )
    logo = models.BinaryField(blank=True, default=b"")
    lines_id = models.TextField(_("baris sendiri"), blank=True, validators=[few_and_short])
    lines_en = models.TextField(
        _("baris sendiri (Inggris)"), blank=True, validators=[few_and_short]
    )

    class Meta:
        verbose_name = _("slip")
        verbose_name_plural = _("slip")

    def __str__(self) -> str:
        return str(self.hall)

    @property
    def lines(self) -> list[str]:
        return own_lines(in_language(self.lines_id, self.lines_en))


class Outcome(models.TextChoices):
    """What came of a slip; `unknown` may lie in the tray or not."""

    PRINTED = "printed", _("Tercetak")
    NONE = "none", _("Tanpa pencetak")
    PAPER_OUT = "paper_out", _("Kertas habis")
    COVER_OPEN = "cover_open", _("Tutup pencetak terbuka")
    GONE = "gone", _("Pencetak tidak tersambung")
    UNKNOWN = "unknown", _("Pencetak tidak menjawab")


class SlipPrint(models.Model):
    """One attempt to put a ticket on paper."""

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="slips")
    device = models.ForeignKey(Device, models.PROTECT, null=True, related_name="slips")
    actor = models.CharField(max_length=80)
    at = models.DateTimeField()
    outcome = models.CharField(max_length=12, choices=Outcome)
    is_reprint = models.BooleanField(default=False)
    is_companion = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["device", "at"], name="slip_device_at")]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.outcome}"


class PrintJob(models.Model):
    """What a kiosk was asked to print from afar; it learns of it by its next sign of life."""

    class Kind(models.TextChoices):
        TEST = "test", _("Uji cetak")
        REPRINT = "reprint", _("Cetak ulang")

    device = models.ForeignKey(Device, models.CASCADE, related_name="jobs")
    kind = models.CharField(max_length=8, choices=Kind)
    ticket = models.ForeignKey(Ticket, models.PROTECT, null=True, related_name="jobs")
    asked_at = models.DateTimeField()
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="test", ticket=None)
                | models.Q(kind="reprint", ticket__isnull=False),
                name="a_reprint_is_of_a_ticket",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.outcome or '…'}"
