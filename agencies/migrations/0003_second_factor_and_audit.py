import django.db.models.deletion
from django.db import migrations, models

REFUSE = """
CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit is never changed' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER the_audit_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE
    ON agencies_auditentry FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
"""
ALLOW = """
DROP TRIGGER the_audit_is_never_changed ON agencies_auditentry;
DROP FUNCTION refuse_audit_change();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0002_clock"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="waktu")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("sign_in", "Masuk"),
                            ("sign_in_failed", "Gagal masuk"),
                            ("locked_out", "Ditahan setelah banyak percobaan"),
                            ("sign_out", "Keluar"),
                            ("unlock", "Membuka kunci layar"),
                            ("second_factor", "Kode kedua diterima"),
                            ("second_factor_failed", "Kode kedua ditolak"),
                            ("second_factor_reset", "Kode kedua dihapus"),
                            ("paired", "Perangkat dipasangkan"),
                            ("pairing_refused", "Kode pemasangan salah"),
                            ("renamed", "Perangkat diganti nama"),
                            ("revoked", "Perangkat dicabut"),
                            ("change", "Pengaturan diubah"),
                        ],
                        max_length=24,
                        verbose_name="jenis",
                    ),
                ),
                ("actor", models.CharField(max_length=160, verbose_name="pelaku")),
                ("subject", models.CharField(blank=True, max_length=160, verbose_name="tentang")),
                ("detail", models.JSONField(default=dict, verbose_name="rincian")),
            ],
            options={
                "verbose_name": "catatan audit",
                "verbose_name_plural": "catatan audit",
                "ordering": ["-pk"],
            },
        ),
        migrations.AddField(
            model_name="hall",
            name="second_factor",
            field=models.BooleanField(
                default=False,
                help_text="Pengelola MPP memasukkan kode dari ponsel setelah kata sandi.",
                verbose_name="kode kedua untuk pengelola",
            ),
        ),
        migrations.CreateModel(
            name="AuditAddress",
            fields=[
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="from_where",
                        serialize=False,
                        to="agencies.auditentry",
                    ),
                ),
                ("address", models.GenericIPAddressField()),
            ],
        ),
        migrations.AddField(
            model_name="auditentry",
            name="hall",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="audit",
                to="agencies.hall",
            ),
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["actor", "kind", "at"], name="audit_actor_kind_at"),
        ),
        migrations.RunSQL(REFUSE, ALLOW),
    ]
