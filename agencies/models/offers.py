"""What the hall offers: agencies, their queues, the services of each."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.models.hall import Hall, LiveFields, in_language
from agencies.models.rows import ReadOften


class Agency(ReadOften):
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
    phone_change = models.BooleanField(
        _("ganti layanan di ponsel"),
        default=False,
        db_default=False,
        help_text=_("Warga yang menunggu boleh mengganti layanannya sendiri; waktu datang tetap."),
    )

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


class Queue(ReadOften, LiveFields):
    """Services that share counters, a letter and one number series (kelompok antrean).

    While there is an incident ("sistem sedang gangguan") it gives no numbers, and nobody can say
    when one will be called; all keep their places.
    """

    class Status(models.TextChoices):
        OPEN = "open", _("Buka")
        PAUSED = "paused", _("Dijeda")
        CLOSED = "closed", _("Tutup")

    live = ("incident_since", "incident_reason")

    hall = models.ForeignKey(Hall, models.CASCADE, related_name="queues")
    agency = models.ForeignKey(Agency, models.CASCADE, related_name="queues")
    code = models.CharField(_("huruf"), max_length=2)
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.OPEN)
    incident_since = models.DateTimeField(_("gangguan sejak"), null=True, editable=False)
    incident_reason = models.CharField(
        _("gangguan"), max_length=80, blank=True, editable=False, db_default=""
    )

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


class Service(ReadOften):
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
