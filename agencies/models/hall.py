"""The hall itself: its name, its clock, its version."""

import uuid
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from agencies.models.rows import ReadOften


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


class Hall(ReadOften, LiveFields):
    """The root of everything: one installation serves one hall or three hundred.

    `version` counts the changes of the hall without holes and only moves under this row's lock.
    `epoch` is new at creation and after a restore, so that screens notice a history that went back.
    `calendar_mark` is new after each change of the calendar (by a trigger of migration 0004). When
    `calendar_is_edited`, by a manager, the hall's files leave the calendar alone. `life_events`
    says which services people need at once: when a child is born, a wallet lost. What is wanted
    `seldom` no press reads with whoever sends it; it comes when it is asked for.
    """

    live = ("epoch", "version", "business_date", "calendar_mark", "calendar_is_edited")
    seldom = (
        "name_id",
        "name_en",
        "city",
        "second_factor",
        "longest_wait",
        "offer_after",
        "phone_push",
        "life_events",
        "epoch",
        "version",
        "calendar_is_edited",
    )

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
    longest_wait = models.PositiveSmallIntegerField(
        _("batas menunggu (menit)"),
        default=60,
        db_default=60,
        help_text=_("Bila seseorang menunggu lebih lama, pengelola dan penyelia diberi tahu."),
    )
    priority_credit = models.PositiveSmallIntegerField(
        _("keringanan prioritas (menit)"),
        default=30,
        db_default=30,
        validators=[MaxValueValidator(120)],
        help_text=_(
            "Nomor prioritas dihitung datang sekian menit lebih awal, jadi nomor biasa hanya"
            " didahului prioritas yang datang paling lama sekian menit sesudahnya."
        ),
    )
    offer_after = models.PositiveSmallIntegerField(
        _("panggil otomatis setelah (detik)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(3), MaxValueValidator(300)],
        help_text=_(
            "Loket yang kosong memanggil nomor berikutnya setelah hitung mundur, yang dapat"
            " ditunda. Kosong: petugas memanggil sendiri."
        ),
    )
    phone_push = models.BooleanField(
        _("pemberitahuan lewat internet"),
        default=False,
        db_default=False,
        help_text=_(
            "Ponsel yang halamannya ditutup tetap diberi tahu. Server harus dapat membuka internet."
        ),
    )
    life_events = models.JSONField(_("peristiwa hidup"), default=list, blank=True, editable=False)
    epoch = models.UUIDField(default=uuid.uuid4, editable=False)
    version = models.BigIntegerField(default=0, editable=False)
    business_date = models.DateField(null=True, editable=False)
    calendar_mark = models.UUIDField(default=uuid.uuid4, editable=False)
    calendar_is_edited = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("mal pelayanan publik")
        verbose_name_plural = _("mal pelayanan publik")
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.name_id

    @property
    def name(self) -> str:
        return in_language(self.name_id, self.name_en)
