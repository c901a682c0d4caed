"""Saving a form never puts old values back over what moves by itself."""

from agencies.models import Hall


def test_saving_a_hall_leaves_its_version_alone(cast):
    as_opened_in_a_form = Hall.objects.get(pk=cast.hall.pk)
    cast.ticket()
    as_opened_in_a_form.name_id = "MPP Baru"
    as_opened_in_a_form.save()
    saved = Hall.objects.get(pk=cast.hall.pk)
    assert (saved.name_id, saved.version) == ("MPP Baru", 1)


def test_saving_a_counter_leaves_its_status_alone(cast):
    as_opened_in_a_form = cast.counter(1)
    type(as_opened_in_a_form).objects.filter(number=1).update(status="break")
    as_opened_in_a_form.save()
    assert cast.counter(1).status == "break"
