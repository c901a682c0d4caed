"""A model that presses read comes from its row as Django itself would make it."""

import uuid

import pytest
from django.apps import apps
from django.db.models import Model
from django.db.models.fields.related_descriptors import ForeignKeyDeferredAttribute
from django.db.models.query_utils import DeferredAttribute
from django.db.models.signals import post_init, pre_init

from agencies.models import ReadOften, Service
from queueing.models import Ticket, Visit

MODELS = [model for model in apps.get_models() if issubclass(model, ReadOften)]
AS_IT_IS = (DeferredAttribute, ForeignKeyDeferredAttribute)  # a value is kept under its name


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_no_column_is_more_than_kept_and_nobody_waits_for_its_making(model):
    kept_by = {type(getattr(model, each.attname)) for each in model._meta.concrete_fields}  # noqa: SLF001
    assert kept_by <= {*AS_IT_IS}
    assert model.__init__ is Model.__init__
    assert not any(signal.has_listeners(model) for signal in (pre_init, post_init))


def test_it_is_what_django_would_have_made(cast):
    names = [field.attname for field in Service._meta.concrete_fields]  # noqa: SLF001
    row = "default", names, Service.objects.values_list(*names).first()
    ours, theirs = Service.from_db(*row), super(ReadOften, Service).from_db(*row)
    assert (ours._state.adding, ours._state.db) == (theirs._state.adding, theirs._state.db)  # noqa: SLF001
    assert vars(ours) | {"_state": None} == vars(theirs) | {"_state": None}


@pytest.mark.parametrize("priority", ["", "elderly"])
def test_a_new_one_is_what_django_would_have_made(cast, priority):
    told = {"hall": cast.hall, "queue": cast.queue("A"), "visit": Visit(), "priority": priority}
    told["public_id"] = uuid.uuid4()
    ours, theirs = Ticket.begun(**told), Ticket(**told)
    assert vars(ours._state) == vars(theirs._state)  # noqa: SLF001
    assert vars(ours) | {"_state": None} == vars(theirs) | {"_state": None}


def test_no_two_new_ones_share_what_is_drawn_for_each():
    first, second = Visit.begun(), Visit.begun()
    assert first.token != second.token


def test_it_changes_like_any_other(cast):
    found = Service.objects.get(code="A01")
    found.name_en = "Another name"
    found.save()
    assert cast.service("A01").name_en == "Another name"


def test_columns_that_were_left_are_all_asked_for_with_the_first(cast, django_assert_num_queries):
    whole = cast.service("A01")
    found = Service.objects.only("code").get(pk=whole.pk)
    with django_assert_num_queries(1):
        assert (found.name_id, found.fee_idr) == (whole.name_id, whole.fee_idr)


def test_only_what_is_named_is_read_anew(cast):
    found = Service.objects.get(code="A01")
    found.name_id = found.name_en = "Not kept"
    found.refresh_from_db(fields=["name_id"])
    assert (found.name_id, found.name_en) == (cast.service("A01").name_id, "Not kept")
