"""What did they think? One filled-in questionnaire a ticket, and apart from it one smile."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agencies.models import Agency, Hall, Service
from queueing.models import Ticket
from survey.questions import HIGHEST, LOWEST, QUESTIONNAIRE


class Channel(models.TextChoices):
    PHONE = "phone", _("Ponsel")
    TABLET = "tablet", _("Tablet survei")


def _score() -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField()


class Questionnaire(models.Model):
    """The nine answers of one ticket's holder, under the keys of their elements.

    `date` is the day of the service, whenever the answer came. Who answered is nowhere; what is
    known of the person may be left out, and is forgotten with the ticket after 30 days
    (`survey.forgetting`). The services are those of the ticket, which may be several.
    """

    class Hours(models.TextChoices):
        MORNING = "morning", _("08.00-12.00")
        AFTERNOON = "afternoon", _("13.00-17.00")

    class Sex(models.TextChoices):
        MALE = "l", _("Laki-laki")
        FEMALE = "p", _("Perempuan")

    class Education(models.TextChoices):
        SD = "sd", "SD"
        SMP = "smp", "SMP"
        SMA = "sma", "SMA"
        S1 = "s1", "S1"
        S2 = "s2", "S2"
        S3 = "s3", "S3"

    class Work(models.TextChoices):
        PNS = "pns", "PNS"
        TNI = "tni", "TNI"
        POLRI = "polri", "POLRI"
        PRIVATE = "swasta", _("Swasta")
        SELF_EMPLOYED = "wirausaha", _("Wirausaha")
        OTHER = "lainnya", pgettext_lazy("pekerjaan", "Lainnya")

    hall = models.ForeignKey(Hall, models.PROTECT, related_name="questionnaires")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="questionnaires")
    services = models.ManyToManyField(Service, related_name="questionnaires")
    ticket = models.OneToOneField(Ticket, models.PROTECT, null=True, related_name="questionnaire")
    date = models.DateField()
    hours = models.CharField(max_length=9, choices=Hours)
    language = models.CharField(max_length=2)
    channel = models.CharField(max_length=6, choices=Channel)
    sex = models.CharField(max_length=1, choices=Sex, blank=True)
    education = models.CharField(max_length=3, choices=Education, blank=True)
    work = models.CharField(max_length=9, choices=Work, blank=True)

    persyaratan = _score()
    prosedur = _score()
    waktu = _score()
    biaya = _score()
    produk = _score()
    kompetensi = _score()
    perilaku = _score()
    sarana = _score()
    pengaduan = _score()

    class Meta:
        verbose_name = _("kuesioner")
        verbose_name_plural = _("kuesioner")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(**{f"{key}__range": (LOWEST, HIGHEST)}),
                name=f"{key}_is_answered_from_1_to_4",
            )
            for key in QUESTIONNAIRE
        ]
        indexes = [models.Index(fields=["hall", "date"], name="questionnaire_hall_date")]

    def __str__(self) -> str:
        return f"{self.date} {self.agency_id}"


ABOUT = {
    "sex": (_("jenis kelamin"), Questionnaire.Sex),
    "education": (_("pendidikan"), Questionnaire.Education),
    "work": (_("pekerjaan"), Questionnaire.Work),
}
"""What people may tell of themselves, in what words, and the answers they choose from."""


class Smile(models.Model):
    """How the officer was, in one of three faces. Never part of the index."""

    class Face(models.IntegerChoices):
        SAD = 1, _("Kurang puas")
        CALM = 2, _("Cukup puas")
        HAPPY = 3, _("Puas")

    hall = models.ForeignKey(Hall, models.PROTECT, related_name="smiles")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="smiles")
    ticket = models.OneToOneField(Ticket, models.PROTECT, null=True, related_name="smile")
    date = models.DateField()
    channel = models.CharField(max_length=6, choices=Channel)
    face = models.PositiveSmallIntegerField(choices=Face)

    class Meta:
        verbose_name = _("senyum")
        verbose_name_plural = _("senyum")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(face__range=(1, 3)), name="a_smile_is_one_of_three_faces"
            ),
        ]
        indexes = [models.Index(fields=["hall", "date"], name="smile_hall_date")]

    def __str__(self) -> str:
        return f"{self.date} {self.face}"


class ProfileCount(models.Model):
    """How many respondents of an agency's month were of such a sex, schooling or work.

    Each is counted by itself: which sex had which work is not known any more.
    """

    hall = models.ForeignKey(Hall, models.PROTECT, related_name="profile_counts")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="profile_counts")
    month = models.DateField()
    field = models.CharField(max_length=9)
    value = models.CharField(max_length=9, blank=True)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "month", "field", "value"], name="profiles_are_counted_once"
            ),
        ]
        indexes = [models.Index(fields=["hall", "month"], name="profile_hall_month")]

    def __str__(self) -> str:
        return f"{self.month} {self.field} {self.value}: {self.count}"
