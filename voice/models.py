"""What has the hall decided about its voice, and what did it record itself?

What can be rendered again is a file (`packs.py`); what a person said into a microphone is a row,
so that it is in every backup and the same for every web process.
"""

import csv
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

import agencies
from agencies.models import Agency, Hall
from voice.languages import LANGUAGES, Language

SPOKEN = Path(agencies.__file__).parent / "catalogue" / "spoken.csv"


class Voice(models.Model):
    """How the screens of a hall call: nothing here ever delays what they show."""

    class Numbers(models.TextChoices):
        DIGITS = "digits", _("angka demi angka: nol satu dua")
        WHOLE = "whole", _("sebagai bilangan: dua belas")

    hall = models.OneToOneField(Hall, models.CASCADE, related_name="voice", verbose_name=_("MPP"))
    is_on = models.BooleanField(_("suara menyala"), default=True)
    speaks_english = models.BooleanField(
        _("ulangi dalam bahasa Inggris"),
        default=True,
        help_text=_("Dilewati selama lebih dari dua panggilan menunggu."),
    )
    speaks_minangkabau = models.BooleanField(
        _("ulangi dalam bahasa Minangkabau"),
        default=False,
        help_text=_("Belum diperiksa penutur asli. Dengarkan dulu bersama penutur asli."),
    )
    numbers = models.CharField(
        _("cara menyebut nomor"), max_length=8, choices=Numbers, default=Numbers.DIGITS
    )
    says_agency = models.BooleanField(
        _("sebut instansi"),
        default=True,
        help_text=_("B, C, D, E, G, dan P terdengar mirip; nama instansi membedakannya."),
    )
    volume = models.PositiveSmallIntegerField(
        _("volume (persen)"), default=100, validators=[MaxValueValidator(100)]
    )

    class Meta:
        verbose_name = _("suara")
        verbose_name_plural = _("suara")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(numbers__in=["digits", "whole"]), name="only_known_ways_to_count"
            ),
            models.CheckConstraint(
                condition=models.Q(volume__lte=100), name="volume_is_a_percentage"
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.hall}"

    @property
    def languages(self) -> list[Language]:
        return [
            language
            for code, language in LANGUAGES.items()
            if code not in ON_WISH or getattr(self, ON_WISH[code])
        ]


ON_WISH = {"en": "speaks_english", "min": "speaks_minangkabau"}


def voice_of(hall: Hall) -> Voice:
    """Return what the hall has decided; one that has decided nothing speaks as it comes."""
    return Voice.objects.filter(hall=hall).first() or Voice(hall=hall)


def halls_speaking(language: Language) -> QuerySet[Hall]:
    """Return the halls of which a voice is on and says each call in this language."""
    wish = {f"voice__{ON_WISH[language.code]}": True} if language.code in ON_WISH else {}
    decided = Q(voice__is_on=True, **wish)
    is_usual = language in Voice().languages
    return Hall.objects.filter(decided | Q(voice=None) if is_usual else decided)


class SpokenName(models.Model):
    """How an agency's name is said, where its letters do not tell."""

    hall = models.ForeignKey(Hall, models.CASCADE, verbose_name=_("MPP"))
    agency = models.OneToOneField(
        Agency, models.CASCADE, related_name="spoken", verbose_name=_("instansi")
    )
    spoken_id = models.CharField(
        _("diucapkan"),
        max_length=80,
        help_text=_("Seperti terdengar, misalnya: be pe je es Kesehatan."),
    )
    spoken_en = models.CharField(_("diucapkan (Inggris)"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("sebutan instansi")
        verbose_name_plural = _("sebutan instansi")
        ordering = ["hall", "agency"]

    def __str__(self) -> str:
        return self.spoken_id

    def said_in(self, language: Language) -> str:
        return language.chosen(self.spoken_id, self.spoken_en)


@cache
def usual_names() -> dict[str, dict[str, str]]:
    """Return how well-known short names are said, from the catalogue."""
    with SPOKEN.open(encoding="utf-8", newline="") as file:
        return {row["short_name"]: row for row in csv.DictReader(file)}


def spoken_names(agencies: Iterable[Agency], language: Language) -> dict[str, str]:
    """Return how each agency is called aloud, by its code; one query for all of them."""
    own = {each.agency_id: each for each in SpokenName.objects.filter(agency__in=agencies)}
    return {
        agency.code: own[agency.pk].said_in(language)
        if agency.pk in own
        else usual_name(agency.short_name, language)
        for agency in agencies
    }


def all_spoken_names(halls: Iterable[Hall], language: Language) -> list[str]:
    """Return how the agencies of these halls are called aloud, each name once, in two queries."""
    agencies = Agency.objects.filter(hall__in=halls)
    own = SpokenName.objects.filter(hall__in=halls).order_by("pk")
    unnamed = agencies.filter(spoken=None).order_by("short_name")
    usual = unnamed.values_list("short_name", flat=True).distinct()
    said = [each.said_in(language) for each in own]
    return list(dict.fromkeys([*(usual_name(name, language) for name in usual), *said]))


def usual_name(short_name: str, language: Language) -> str:
    row = usual_names().get(short_name, {})
    return row.get("en" if language.code == "en" else "id", short_name)


class Recording(models.Model):
    """A clip in a voice of the hall's own: it takes the place of the rendered one."""

    hall = models.ForeignKey(Hall, models.CASCADE, related_name="recordings")
    language = models.CharField(max_length=8)
    clip = models.CharField(max_length=80)
    text = models.CharField(max_length=120, blank=True)
    sound = models.BinaryField()  # WAV, fit to be played as it is
    digest = models.CharField(max_length=12)
    seconds = models.FloatField()
    loudness = models.FloatField()  # dBFS

    class Meta:
        verbose_name = _("rekaman")
        verbose_name_plural = _("rekaman")
        constraints = [
            models.UniqueConstraint(
                fields=["hall", "language", "clip"], name="a_clip_recorded_once_a_hall_and_language"
            ),
            models.CheckConstraint(
                condition=models.Q(language__in=["id", "min", "en"]), name="only_spoken_languages"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.language} {self.clip}"
