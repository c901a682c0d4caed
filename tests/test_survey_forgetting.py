"""What is forgotten of those who answered, after 30 days, and what stays."""

import pytest

from survey import tasks
from survey.models import ProfileCount, Questionnaire, Smile
from tests.surveys import answered
from tests.test_ikm import WORKED_EXAMPLE


@pytest.fixture
def ten(cast, clock):
    """Ten who answered on the day of the clock, and one smile."""
    about = {"sex": "p", "education": "s1", "work": "pns"}
    answered(cast, "A01", clock.moment.date(), *WORKED_EXAMPLE, **about)
    answered(cast, "A01", clock.moment.date(), *WORKED_EXAMPLE)
    ticket = Questionnaire.objects.first().ticket
    values = {"hall": cast.hall, "agency": cast.a, "ticket": ticket, "channel": "phone"}
    Smile.objects.create(**values, date=ticket.date, face=3)
    return cast


def counted() -> dict[tuple[str, str], int]:
    rows = ProfileCount.objects.values_list("field", "value", "count")
    return {(field, value): count for field, value, count in rows}


def test_for_30_days_it_is_known_which_number_said_what(ten, clock):
    clock.forward(days=30)
    assert tasks.forget_respondents() == 0
    assert Questionnaire.objects.filter(ticket=None).count() == 0


def test_after_30_days_only_sums_of_the_persons_are_left(ten, clock):
    clock.forward(days=31)
    assert [tasks.forget_respondents() for _ in range(2)] == [11, 0]
    assert set(Questionnaire.objects.values_list("ticket", "sex", "education", "work")) == {
        (None, "", "", "")
    }
    assert Smile.objects.get().ticket is None
    assert counted() == {
        ("sex", "p"): 5,
        ("sex", ""): 5,
        ("education", "s1"): 5,
        ("education", ""): 5,
        ("work", "pns"): 5,
        ("work", ""): 5,
    }


def test_later_ones_of_the_same_month_are_added(ten, clock):
    clock.forward(days=31)
    tasks.forget_respondents()
    answered(ten, "A01", clock.moment.date().replace(month=11, day=20), "333333333", sex="p")
    tasks.forget_respondents()
    assert counted()["sex", "p"] == 6


def test_the_nine_answers_and_the_report_stay_as_they_were(ten, clock, client):
    clock.forward(days=1)
    before = told(ten, client)
    clock.forward(days=60)
    tasks.forget_respondents()
    assert told(ten, client) == before


def told(cast, client) -> tuple:
    client.force_login(cast.manager)
    context = client.get("/hall/skm/report", {"period": "2026-11"}).context
    profile = [(each["rows"], each.get("skipped")) for each in context["profile"]]
    return str(context["index"].value), context["group"].count, profile, context["elements"]
