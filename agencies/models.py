"""What is the hall? Agencies, queues, services, counters and the people who work there."""

import secrets
import uuid
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from agencies.keys import hash_key


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


class Agency(models.Model):
    """An organisation present in the hall (instansi)."""

    hall = models.ForeignKey(Hall, models.CASCADE, related_name="agencies")
    code = models.CharField(_("kode"), max_length=2)
    slug = models.SlugField(_("alamat"), max_length=80)
    short_name = models.CharField(_("nama singkat"), max_length=40)
    name_id = models.CharField(_("nama"), max_length=160)
    name_en = models.CharField(_("nama (Inggris)"), max_length=160, blank=True)
    kind = models.CharField(_("jenis"), max_length=40, blank=True)
    zone = models.CharField(_("zona"), max_length=8, blank=True)
    description_id = models.TextField(_("keterangan"), blank=True)
    description_en = models.TextField(_("keterangan (Inggris)"), blank=True)
    provenance = models.CharField(_("asal data"), max_length=40, blank=True)
    source_ref = models.CharField(_("sumber"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("instansi")
        verbose_name_plural = _("instansi")
        ordering = ["hall", "code"]
        constraints = [
            models.UniqueConstraint(fields=["hall", "code"], name="an_agency_code_once_a_hall"),
            models.UniqueConstraint(fields=["hall", "slug"], name="an_agency_slug_once_a_hall"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.short_name}"

    @property
    def name(self) -> str:
        return in_language(self.name_id, self.name_en)

    @property
    def description(self) -> str:
        return in_language(self.description_id, self.description_en)


class Queue(models.Model):
    """Services that share counters, a letter and one number series (kelompok antrean)."""

    class Status(models.TextChoices):
        OPEN = "open", _("Buka")
        PAUSED = "paused", _("Dijeda")
        CLOSED = "closed", _("Tutup")

    hall = models.ForeignKey(Hall, models.CASCADE, related_name="queues")
    agency = models.ForeignKey(Agency, models.CASCADE, related_name="queues")
    code = models.CharField(_("huruf"), max_length=2)
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.OPEN)

    class Meta:
        verbose_name = _("kelompok antrean")
        verbose_name_plural = _("kelompok antrean")
        ordering = ["hall", "code"]
        constraints = [
            models.UniqueConstraint(fields=["hall", "code"], name="a_queue_letter_once_a_hall"),
            models.CheckConstraint(
                condition=models.Q(status__in=["open", "paused", "closed"]),
                name="only_known_queue_statuses",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Service(models.Model):
    """One thing a citizen comes for (layanan), with what its service standard publishes."""

    hall = models.ForeignKey(Hall, models.CASCADE, related_name="services")
    queue = models.ForeignKey(Queue, models.PROTECT, related_name="services")
    code = models.CharField(_("kode"), max_length=6)
    slug = models.SlugField(_("alamat"), max_length=120)
    name_id = models.CharField(_("nama"), max_length=200)
    name_en = models.CharField(_("nama (Inggris)"), max_length=200, blank=True)
    target_minutes = models.PositiveSmallIntegerField(_("menit di loket"))
    requirements_id = models.JSONField(_("persyaratan"), default=list, blank=True)
    requirements_en = models.JSONField(_("persyaratan (Inggris)"), default=list, blank=True)
    fee_idr = models.PositiveIntegerField(_("biaya (rupiah)"), null=True, blank=True)
    fee_note_id = models.TextField(_("catatan biaya"), blank=True)
    fee_note_en = models.TextField(_("catatan biaya (Inggris)"), blank=True)
    processing_time_id = models.CharField(_("jangka waktu"), max_length=200, blank=True)
    processing_time_en = models.CharField(_("jangka waktu (Inggris)"), max_length=200, blank=True)
    online_url = models.URLField(_("layanan daring"), blank=True)
    provenance = models.CharField(_("asal data"), max_length=40, blank=True)
    legal_basis = models.CharField(_("dasar hukum"), max_length=240, blank=True)
    source_ref = models.CharField(_("sumber"), max_length=80, blank=True)
    aliases = models.JSONField(
        _("kata pencarian"),
        default=list,
        blank=True,
        help_text=_("Kata sehari-hari yang dipakai warga untuk layanan ini."),
    )
    frequent_rank = models.PositiveSmallIntegerField(
        _("urutan paling sering"), null=True, blank=True
    )
    is_open = models.BooleanField(_("dibuka"), default=True)

    class Meta:
        verbose_name = _("layanan")
        verbose_name_plural = _("layanan")
        ordering = ["hall", "code"]
        constraints = [
            models.UniqueConstraint(fields=["hall", "code"], name="a_service_code_once_a_hall"),
            models.UniqueConstraint(fields=["hall", "slug"], name="a_service_slug_once_a_hall"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name_id}"

    @property
    def name(self) -> str:
        return in_language(self.name_id, self.name_en)


class Counter(LiveFields):
    """Where a citizen is served (loket); may serve several queues."""

    class Status(models.TextChoices):
        OPEN = "open", _("Buka")
        BREAK = "break", _("Istirahat")
        CLOSED = "closed", _("Tutup")

    live = ("status", "break_reason", "break_until")

    hall = models.ForeignKey(Hall, models.CASCADE, related_name="counters")
    agency = models.ForeignKey(Agency, models.CASCADE, related_name="counters")
    number = models.PositiveSmallIntegerField(_("nomor loket"))
    queues = models.ManyToManyField(
        Queue, related_name="counters", verbose_name=_("kelompok antrean")
    )
    status = models.CharField(max_length=8, choices=Status, default=Status.CLOSED, editable=False)
    break_reason = models.CharField(max_length=80, blank=True, editable=False)
    break_until = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("loket")
        verbose_name_plural = _("loket")
        ordering = ["hall", "number"]
        constraints = [
            models.UniqueConstraint(fields=["hall", "number"], name="a_counter_number_once_a_hall"),
            models.CheckConstraint(
                condition=models.Q(status__in=["open", "break", "closed"]),
                name="only_known_counter_statuses",
            ),
        ]

    def __str__(self) -> str:
        return f"Loket {self.number}"


class Operator(AbstractUser):
    """Somebody who works in the hall: the user model.

    Officers and supervisors belong to an agency; greeters and managers to the whole hall; an
    installation's administrator (is_superuser) to none.
    """

    class Role(models.TextChoices):
        OFFICER = "officer", _("Petugas loket")
        GREETER = "greeter", _("Resepsionis")
        SUPERVISOR = "supervisor", _("Penyelia instansi")
        MANAGER = "manager", _("Pengelola MPP")

    hall = models.ForeignKey(Hall, models.CASCADE, null=True, blank=True, related_name="operators")
    agency = models.ForeignKey(
        Agency, models.CASCADE, null=True, blank=True, related_name="operators"
    )
    counter = models.ForeignKey(
        Counter, models.SET_NULL, null=True, blank=True, related_name="operators"
    )
    role = models.CharField(_("peran"), max_length=12, choices=Role, default=Role.OFFICER)
    # unique, and most people have none
    key_hash = models.CharField(  # noqa: DJ001
        max_length=64, null=True, unique=True, editable=False, default=None
    )

    class Meta:
        verbose_name = _("petugas")
        verbose_name_plural = _("petugas")
        ordering = ["username"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role__in=["greeter", "manager"])
                | models.Q(agency__isnull=False)
                | models.Q(is_superuser=True),
                name="an_officer_belongs_to_an_agency",
            ),
        ]

    def __str__(self) -> str:
        return self.username

    def new_key(self) -> str:
        """Give the operator a new key for programs and keypads; only its hash is kept."""
        key = secrets.token_urlsafe(32)
        self.key_hash = hash_key(key)
        return key


class AuditEntry(models.Model):
    """Who did what to sign-ins, devices, roles and settings. Insert-only, like the event log.

    The database itself refuses UPDATE, DELETE and TRUNCATE (migration 0003). The address stands
    beside it, because it is forgotten after 30 days.
    """

    class Kind(models.TextChoices):
        SIGN_IN = "sign_in", _("Masuk")
        SIGN_IN_FAILED = "sign_in_failed", _("Gagal masuk")
        LOCKED_OUT = "locked_out", _("Ditahan setelah banyak percobaan")
        SIGN_OUT = "sign_out", _("Keluar")
        UNLOCK = "unlock", _("Membuka kunci layar")
        SECOND_FACTOR = "second_factor", _("Kode kedua diterima")
        SECOND_FACTOR_FAILED = "second_factor_failed", _("Kode kedua ditolak")
        SECOND_FACTOR_RESET = "second_factor_reset", _("Kode kedua dihapus")
        PAIRED = "paired", _("Perangkat dipasangkan")
        PAIRING_REFUSED = "pairing_refused", _("Kode pemasangan salah")
        RENAMED = "renamed", _("Perangkat diganti nama")
        REVOKED = "revoked", _("Perangkat dicabut")
        CHANGE = "change", _("Pengaturan diubah")

    hall = models.ForeignKey(Hall, models.PROTECT, null=True, related_name="audit")
    at = models.DateTimeField(_("waktu"))
    kind = models.CharField(_("jenis"), max_length=24, choices=Kind)
    actor = models.CharField(_("pelaku"), max_length=160)
    subject = models.CharField(_("tentang"), max_length=160, blank=True)
    detail = models.JSONField(_("rincian"), default=dict)

    class Meta:
        verbose_name = _("catatan audit")
        verbose_name_plural = _("catatan audit")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["actor", "kind", "at"], name="audit_actor_kind_at")]

    def __str__(self) -> str:
        return f"{self.kind} {self.actor} {self.subject}".strip()


class AuditAddress(models.Model):
    """From where an entry of the audit came; deleted after 30 days."""

    entry = models.OneToOneField(
        AuditEntry, models.CASCADE, primary_key=True, related_name="from_where"
    )
    address = models.GenericIPAddressField()

    def __str__(self) -> str:
        return self.address
