"""The hall itself: its name, its clock, its version."""

import uuid
from typing import Any

from django.db import models
from django.utils import translation
from django.utils.translation import gettext_lazy as _


def in_language(indonesian: str, english: str) -> str:
    """Return the text in the language being spoken; Indonesian where English is missing."""
    return english if english and translation.get_language() == "en" else indonesian


class LiveFields(models.Model):
    """A row of which some fields move by themselves: saving a form never puts old values back."""

    live: tuple[str, ...] = ()

    class Meta:
        abstract = True

    def save(self, *args: Any, **options: Any) -> None:
        if not self._state.adding and options.get("update_fields") is None:
            fields = (field.name for field in self._meta.concrete_fields if not field.primary_key)
            options["update_fields"] = [name for name in fields if name not in self.live]
        super().save(*args, **options)


class Hall(LiveFields):
    """The root of everything: one installation serves one hall or three hundred.

    `version` counts the changes of the hall without holes and only moves under this row's lock.
    `epoch` is new at creation and after a restore, so that screens notice a history that went back.
    `life_events` says which services people need at once: when a child is born, a wallet lost.
    """

    live = ("epoch", "version", "business_date")

    slug = models.SlugField(_("alamat"), unique=True)
    name_id = models.CharField(_("nama"), max_length=120)
    name_en = models.CharField(_("nama (Inggris)"), max_length=120, blank=True)
    city = models.CharField(_("kota"), max_length=80, blank=True)
    timezone = models.CharField(_("zona waktu"), max_length=40, default="Asia/Jakarta")
    always_open = models.BooleanField(
        _("buka setiap saat"),
        default=False,
        help_text=_("Untuk peragaan: jam buka tidak berlaku, dan sebuah pita menyatakannya."),
    )
    second_factor = models.BooleanField(
        _("kode kedua untuk pengelola"),
        default=False,
        help_text=_("Pengelola MPP memasukkan kode dari ponsel setelah kata sandi."),
    )
    life_events = models.JSONField(_("peristiwa hidup"), default=list, blank=True, editable=False)
    epoch = models.UUIDField(default=uuid.uuid4, editable=False)
    version = models.BigIntegerField(default=0, editable=False)
    business_date = models.DateField(null=True, editable=False)

    class Meta:
        verbose_name = _("mal pelayanan publik")
        verbose_name_plural = _("mal pelayanan publik")
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.name_id

    @property
    def name(self) -> str:
        return in_language(self.name_id, self.name_en)


class OpeningHours(models.Model):
    """When the hall is open on one weekday, and until when it issues numbers."""

    class Weekday(models.IntegerChoices):
        MONDAY = 0, _("Senin")
        TUESDAY = 1, _("Selasa")
        WEDNESDAY = 2, _("Rabu")
        THURSDAY = 3, _("Kamis")
        FRIDAY = 4, _("Jumat")
        SATURDAY = 5, _("Sabtu")
        SUNDAY = 6, _("Minggu")

    hall = models.ForeignKey(Hall, models.CASCADE, related_name="opening_hours")
    weekday = models.PositiveSmallIntegerField(_("hari"), choices=Weekday)
    opens_at = models.TimeField(_("buka"))
    last_issue_at = models.TimeField(_("nomor terakhir"))
    closes_at = models.TimeField(_("tutup"))

    class Meta:
        verbose_name = _("jam buka")
        verbose_name_plural = _("jam buka")
        ordering = ["hall", "weekday"]
        constraints = [
            models.UniqueConstraint(fields=["hall", "weekday"], name="hours_once_a_weekday"),
            models.CheckConstraint(
                condition=models.Q(opens_at__lt=models.F("last_issue_at"))
                & models.Q(last_issue_at__lte=models.F("closes_at")),
                name="opens_then_issues_then_closes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens_at:%H.%M}-{self.closes_at:%H.%M}"
