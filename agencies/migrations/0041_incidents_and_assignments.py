"""Incidents of a queue, what a counter serves and with which weight, and when a wait is too long."""

import uuid

import django.core.validators
from django.db import migrations, models

WEIGHT = models.PositiveSmallIntegerField(
    blank=True,
    help_text="Kosong: siapa yang datang lebih dulu. 2: dua giliran untuk tiap satu.",
    null=True,
    validators=[
        django.core.validators.MinValueValidator(1),
        django.core.validators.MaxValueValidator(9),
    ],
    verbose_name="bobot",
)
MARK = """
CREATE FUNCTION mark_queues() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE agencies_counter SET queues_mark = gen_random_uuid()
    WHERE id IN (OLD.counter_id, NEW.counter_id);
    RETURN NULL;
END $$;
CREATE TRIGGER mark_queues AFTER INSERT OR UPDATE OR DELETE ON agencies_counter_queues
    FOR EACH ROW EXECUTE FUNCTION mark_queues();
"""


class Migration(migrations.Migration):
    dependencies = [("agencies", "0040_life_events")]

    operations = [
        migrations.AddField(
            model_name="hall",
            name="longest_wait",
            field=models.PositiveSmallIntegerField(
                db_default=60,
                default=60,
                help_text="Bila seseorang menunggu lebih lama, pengelola dan penyelia diberi tahu.",
                verbose_name="batas menunggu (menit)",
            ),
        ),
        migrations.AddField(
            model_name="queue",
            name="incident_since",
            field=models.DateTimeField(editable=False, null=True, verbose_name="gangguan sejak"),
        ),
        migrations.AddField(
            model_name="queue",
            name="incident_reason",
            field=models.CharField(
                blank=True, db_default="", editable=False, max_length=80, verbose_name="gangguan"
            ),
        ),
        migrations.AddField(
            model_name="counter",
            name="queues_mark",
            field=models.UUIDField(default=uuid.uuid4, editable=False),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="Assignment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "counter",
                            models.ForeignKey(
                                on_delete=models.deletion.CASCADE,
                                related_name="assignments",
                                to="agencies.counter",
                            ),
                        ),
                        (
                            "queue",
                            models.ForeignKey(
                                on_delete=models.deletion.CASCADE,
                                related_name="assignments",
                                to="agencies.queue",
                                verbose_name="kelompok antrean",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "agencies_counter_queues",
                        "unique_together": {("counter", "queue")},
                        "verbose_name": "tugas loket",
                        "verbose_name_plural": "tugas loket",
                    },
                ),
                migrations.AlterField(
                    model_name="counter",
                    name="queues",
                    field=models.ManyToManyField(
                        related_name="counters",
                        through="agencies.Assignment",
                        to="agencies.queue",
                        verbose_name="kelompok antrean",
                    ),
                ),
            ],
        ),
        migrations.AddField(model_name="assignment", name="weight", field=WEIGHT),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.CheckConstraint(
                condition=models.Q(weight=None) | models.Q(weight__range=(1, 9)),
                name="a_weight_is_one_to_nine",
            ),
        ),
        migrations.RunSQL(MARK, "DROP FUNCTION mark_queues() CASCADE"),
    ]
