"""Who did what to sign-ins, devices, roles and settings."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.models.hall import Hall


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
