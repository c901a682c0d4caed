"""The survey on a phone: for whoever was served, once, and without a name."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from queueing.models import Ticket, TicketEvent
from queueing.pace import phones
from survey.models import Questionnaire, Smile
from survey.questions import ELEMENTS, QUESTIONNAIRE
from tests.surveys import form, scores, served


@pytest.fixture
def ticket(cast, clock) -> Ticket:
    return served(cast)


def page_of(client: Client, ticket: Ticket, **options: str):
    return client.get(f"/v/{ticket.visit.token}/survey", options)


def send(client: Client, ticket: Ticket, said: dict[str, str] | None = None, query: str = ""):
    return client.post(f"/v/{ticket.visit.token}/survey{query}", said or form())


# --- What is asked and kept ---------------------------------------------------------------------


def test_the_nine_questions_are_asked_in_the_order_of_the_questionnaire(client, ticket):
    text = page_of(client, ticket).content.decode()
    places = [text.index(str(element.question)) for element in ELEMENTS.values()]
    assert places == sorted(places)
    assert [f'name="{key}"' in text for key in QUESTIONNAIRE] == [True] * 9


def test_the_nine_questions_are_there_in_english(client, ticket):
    text = page_of(client, ticket, lang="en").content.decode()
    assert "How fast was the service, in your opinion?" in text
    assert "Bagaimana" not in text


def test_nine_answers_are_kept_under_their_elements(client, ticket):
    assert send(client, ticket, form("123412341")).status_code == 302
    row = Questionnaire.objects.get()
    assert {key: getattr(row, key) for key in QUESTIONNAIRE} == scores("123412341")
    assert (row.ticket, row.agency, row.date) == (ticket, ticket.queue.agency, ticket.date)
    assert (row.channel, row.language, row.hours) == ("phone", "id", "morning")
    assert [service.code for service in row.services.all()] == ["A01"]


def test_what_one_says_of_oneself_may_be_skipped_or_told(client, ticket, cast):
    send(client, ticket)
    other = served(cast)
    send(client, other, form(sex="p", education="s1", work="swasta"))
    told = Questionnaire.objects.order_by("pk").values_list("sex", "education", "work")
    assert list(told) == [("", "", ""), ("p", "s1", "swasta")]


def test_a_number_for_two_services_is_an_opinion_of_both(client, cast, clock):
    both = served(cast, "A01", "A02")
    send(client, both)
    assert {service.code for service in Questionnaire.objects.get().services.all()} == {
        "A01",
        "A02",
    }


def test_an_answer_in_the_afternoon_counts_for_the_afternoon(client, cast, clock):
    clock.forward(hours=3)  # noon
    send(client, served(cast))
    assert Questionnaire.objects.get().hours == "afternoon"


def test_nothing_of_an_answer_stands_in_the_log(client, ticket):
    before = TicketEvent.objects.count()
    send(client, ticket)
    assert TicketEvent.objects.count() == before


def test_the_answer_of_the_next_day_belongs_to_the_day_of_the_service(client, ticket, clock):
    clock.forward(days=1)
    send(client, ticket)
    assert Questionnaire.objects.get().date == ticket.date


# --- Who may answer, and when -------------------------------------------------------------------


@pytest.mark.parametrize("state", [state for state in Ticket.State if state != "done"])
def test_only_who_was_served_may_answer(client, cast, clock, state):
    ticket = cast.ticket()
    at = {"counter": cast.counter(1)} if state in {"called", "serving"} else {}
    Ticket.objects.filter(pk=ticket.pk).update(state=state, **at)
    for response in (page_of(client, ticket), send(client, ticket)):
        assert response.status_code == 409
        assert "setelah nomor ini selesai dilayani" in response.content.decode()
    assert not Questionnaire.objects.exists()


def test_a_number_of_somebody_else_does_not_exist(client, ticket, cast):
    foreign = served(cast)
    response = send(client, ticket, query=f"?ticket={foreign.public_id}")
    assert response.status_code == 404
    assert not Questionnaire.objects.exists()


@pytest.mark.parametrize("wish", ["x", "%00", "1", "00000000-0000-0000-0000-000000000000"])
def test_a_number_that_does_not_exist_is_not_found(client, ticket, wish):
    assert send(client, ticket, query=f"?ticket={wish}").status_code == 404


def test_a_day_after_the_next_the_survey_is_over(client, ticket, clock):
    clock.forward(days=2)
    response = send(client, ticket)
    assert response.status_code == 404
    assert "sampai sehari setelah kunjungan" in response.content.decode()
    assert not Questionnaire.objects.exists()


def test_a_flood_is_refused_in_words_and_told_to_wait(client, ticket, monkeypatch):
    monkeypatch.setattr(phones, "limit", 1)
    told = [page_of(client, ticket) for _ in range(2)]
    assert [response.status_code for response in told] == [200, 429]
    assert int(told[1]["Retry-After"]) > 0


def test_an_unknown_token_opens_nothing(client, cast):
    assert client.get("/v/nobody/survey").status_code == 404


def test_the_address_stays_with_its_holder(client, ticket):
    response = page_of(client, ticket)
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert response["Referrer-Policy"] == "same-origin"
    assert "no-store" in response["Cache-Control"]


def test_a_form_of_another_site_is_refused(ticket):
    browser = Client(enforce_csrf_checks=True)
    assert send(browser, ticket).status_code == 403


# --- Once ---------------------------------------------------------------------------------------


def test_a_double_press_counts_once_and_thanks_twice(client, ticket):
    said = form()
    assert [send(client, ticket, said).status_code for _ in range(2)] == [302, 302]
    assert Questionnaire.objects.count() == 1
    assert "Terima kasih" in page_of(client, ticket).content.decode()


def test_a_stale_page_changes_nothing_and_says_so_kindly(client, ticket):
    send(client, ticket, form("444444444"))
    response = send(client, ticket, form("111111111"))
    assert response.status_code == 409
    assert "sudah kami terima. Terima kasih." in response.content.decode()
    assert Questionnaire.objects.get().waktu == 4


def test_another_answer_by_the_same_page_is_too_late(client, ticket):
    said = form("444444444")
    send(client, ticket, said)
    assert send(client, ticket, {**said, "waktu": "1"}).status_code == 409
    assert Questionnaire.objects.get().waktu == 4


@pytest.mark.parametrize("key", ["", "not visible", "x" * 256])
def test_a_press_without_a_proper_key_is_not_taken(client, ticket, key):
    assert send(client, ticket, form(key=key)).status_code == 400


def test_the_database_keeps_one_questionnaire_and_one_smile_a_ticket(client, ticket):
    send(client, ticket), send(client, ticket, {"face": "3", "key": "x"})
    for row in (Questionnaire.objects.get(), Smile.objects.get()):
        row.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save(force_insert=True)


@pytest.mark.parametrize("score", [0, 5])
def test_the_database_refuses_a_score_off_the_scale(client, ticket, score):
    send(client, ticket)
    for key in QUESTIONNAIRE:
        with pytest.raises(IntegrityError, match=f"{key}_is_answered"), transaction.atomic():
            Questionnaire.objects.update(**{key: score})


# --- What is not understood ---------------------------------------------------------------------


def test_what_was_left_out_is_named_and_what_was_said_is_kept(client, ticket):
    said = form("444444444")
    del said["waktu"], said["sarana"]
    response = send(client, ticket, said)
    assert response.status_code == 422
    lacking = [each["key"] for each in response.context["questions"] if each["is_missing"]]
    assert lacking == ["waktu", "sarana"]
    assert response.context["questions"][0]["choices"][3][2]
    assert not Questionnaire.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"waktu": "5"},
        {"waktu": "0"},
        {"waktu": "²"},
        {"waktu": "3.0"},
        {"sex": "x"},
        {"work": "'; DROP TABLE"},
        {"education": "\x00"},
    ],
)
def test_what_no_form_of_ours_sends_is_not_understood(client, ticket, wrong):
    assert send(client, ticket, form(**wrong)).status_code == 422
    assert not Questionnaire.objects.exists()


# --- The smile ----------------------------------------------------------------------------------


def test_a_smile_is_given_by_one_press_and_kept_apart(client, ticket):
    assert send(client, ticket, {"face": "3", "key": "x"}).status_code == 302
    smile = Smile.objects.get()
    assert (smile.face, smile.ticket, smile.agency) == (3, ticket, ticket.queue.agency)
    assert not Questionnaire.objects.exists()


def test_a_second_smile_is_too_late(client, ticket):
    told = [send(client, ticket, {"face": face, "key": face}).status_code for face in "31"]
    assert told == [302, 409]
    assert Smile.objects.get().face == 3


@pytest.mark.parametrize("face", ["0", "4", "", "x"])
def test_there_are_three_faces(client, ticket, face):
    assert send(client, ticket, {"face": face, "key": "x"}).status_code == 422


def test_who_smiled_is_not_asked_again(client, ticket):
    assert "face-3" in page_of(client, ticket).content.decode()
    send(client, ticket, {"face": "3", "key": "x"})
    assert "face-3" not in page_of(client, ticket).content.decode()


# --- Several numbers of one visit ---------------------------------------------------------------


@pytest.fixture
def two_numbers(cast, clock) -> list[Ticket]:
    """A visit to two agencies, served at both."""
    of_a, of_b = cast.visit("A01", "B01")
    for ticket in (of_b, of_a):  # the table holds them in the order in which they were written
        ended = dt.datetime.now(dt.UTC)
        Ticket.objects.filter(pk=ticket.pk).update(state="done", ended_at=ended)
    return [of_a, of_b]


def test_each_number_of_a_visit_is_judged_by_itself(client, two_numbers):
    of_a, of_b = two_numbers
    assert page_of(client, of_a).context["ticket"] == of_a
    send(client, of_a, query=f"?ticket={of_a.public_id}")
    assert page_of(client, of_a).context["ticket"] == of_b
    send(client, of_b)
    assert Questionnaire.objects.count() == 2
    assert page_of(client, of_a).context["is_answered"]


def test_after_the_first_number_the_other_is_offered(client, two_numbers):
    of_a, of_b = two_numbers
    query = f"?ticket={of_a.public_id}"
    send(client, of_a, query=query)
    response = client.get(f"/v/{of_a.visit.token}/survey{query}")
    assert response.context["is_answered"]
    assert f'href="?ticket={of_b.public_id}"' in response.content.decode()


def test_more_numbers_take_no_more_queries(client, cast, two_numbers, django_assert_num_queries):
    one = served(cast)
    for ticket in (one, two_numbers[0]):
        with django_assert_num_queries(5):
            page_of(client, ticket)
