"""The visit on a phone: the number, its state in words, the place in line, live."""

import datetime as dt
import io

import pytest
import segno
from django.http import HttpResponse
from django.urls import path

import mpp.urls
from queueing import lifecycle, telling
from queueing.models import Ticket

# --- The page as it is sent ---------------------------------------------------------------------


AT = "2026-11-24T09:00:00.000+07:00"


def page_of(client, ticket: Ticket, **options: str):
    return client.get(f"/v/{ticket.visit.token}", options)


def test_the_first_paint_says_number_state_and_place(client, cast):
    cast.ticket("A01")
    ticket = cast.ticket("A01")
    first = page_of(client, ticket).context["first"]
    assert (first["label"], first["title"]) == ("A-002", "Menunggu")
    assert first["sentence"] == "1 antrean di depan Anda"


def test_whoever_has_nobody_ahead_is_next(client, cast):
    assert page_of(client, cast.ticket()).context["first"]["sentence"].startswith("Anda berikutnya")


def test_a_called_number_is_told_its_counter(client, cast):
    ticket = cast.ticket("A01")
    cast.call(1)
    first = page_of(client, ticket).context["first"]
    assert (first["title"], first["sentence"]) == ("Dipanggil", "Silakan ke Loket 1")


@pytest.mark.parametrize("state", Ticket.State)
def test_every_state_has_its_words(state):
    ticket = {"state": state, "ahead": 3, "counter": 7, "estimate": None}
    told = telling.told(ticket, AT)
    assert told["title"]
    assert told["sentence"]
    assert "%" not in told["sentence"]


def a_time(minutes_from: int, minutes_to: int) -> dict[str, str]:
    begin = dt.datetime.fromisoformat(AT)
    ends = {"from": minutes_from, "to": minutes_to}
    return {name: (begin + dt.timedelta(minutes=each)).isoformat() for name, each in ends.items()}


@pytest.mark.parametrize(
    ("estimate", "why", "told"),
    [
        (a_time(40, 60), "", "Perkiraan dipanggil 09.40-10.00"),
        (a_time(0, 5), "", "Perkiraan dipanggil: segera"),
        (None, "", "Perkiraan waktu belum tersedia."),
        (None, "no_counter", "Perkiraan waktu belum ada: belum ada loket yang buka."),
        (None, "held_back", "Dipanggil sesudah keperluan Anda yang lain selesai."),
        (None, "a_reason_of_tomorrow", "Perkiraan waktu belum tersedia."),
    ],
)
def test_a_time_is_a_range_or_soon_or_a_reason(estimate, why, told):
    ticket = {"state": "waiting", "ahead": 3, "estimate": estimate, "estimate_why": why}
    assert telling.told(ticket, AT)["time"] == told


def test_who_is_away_is_told_until_when(client, cast, clock):
    ticket = cast.ticket()
    lifecycle.step_away(ticket, reason="prayer", minutes=15, actor="visitor")
    assert page_of(client, ticket).context["first"]["title"] == "Pergi sampai 09.15"


def test_where_to_wait_is_said_and_drawn(client, cast):
    response = page_of(client, cast.ticket("A01"))
    assert response.context["first"]["where"] == "Agency A · Zona A · Loket 1, 2"
    drawn = response.content.decode()
    assert '<g data-counter="1" class="here">' in drawn
    assert '<g data-counter="3">' in drawn


@pytest.mark.parametrize(
    ("numbers", "told"),
    [
        ([], ""),
        ([4], "4"),
        ([1, 2], "1, 2"),
        ([1, 2, 3, 4, 5], "1-5"),
        ([1, 3, 4, 5, 9], "1, 3-5, 9"),
    ],
)
def test_many_counters_are_told_in_short(numbers, told):
    assert telling.in_short(numbers) == told


def test_a_hall_without_zones_draws_nothing(client, cast):
    cast.hall.agencies.update(zone="")
    response = page_of(client, cast.ticket("A01"))
    assert response.context["first"]["where"] == "Agency A"
    assert "<svg viewBox" not in response.content.decode().split("<main")[1]


def test_the_services_to_choose_from_are_those_of_an_agency_that_lets_one(client, cast):
    ticket = cast.ticket("A01")
    assert page_of(client, ticket).context["about"]["choices"] == {}
    cast.hall.agencies.filter(code="A").update(phone_change=True)
    choices = page_of(client, ticket).context["about"]["choices"]
    assert choices == {"Agency A": [("A01", "Layanan A01"), ("A02", "Layanan A02")]}


def test_the_most_urgent_of_several_numbers_stands_first(client, cast):
    of_a, _ = cast.visit("A01", "B01")
    cast.call(3)
    response = page_of(client, of_a)
    assert response.context["first"]["label"] == "B-001"
    assert [other["label"] for other in response.context["others"]] == ["A-001"]


def test_what_to_have_ready_is_listed(client, cast):
    assert "<li>KTP</li>" in page_of(client, cast.ticket()).content.decode()


def test_english_is_a_wish_away(client, cast):
    assert page_of(client, cast.ticket(), lang="en").context["first"]["title"] == "Waiting"


def test_the_page_lives_a_day_longer_than_its_day(client, cast, clock):
    ticket = cast.ticket()
    clock.forward(days=1)
    assert page_of(client, ticket).status_code == 200
    clock.forward(days=1)
    gone = page_of(client, ticket)
    assert gone.status_code == 404
    assert "sudah tidak berlaku" in gone.content.decode()
    assert client.get(f"/v/{ticket.visit.token}/qr.svg").status_code == 404


def test_an_unknown_token_is_answered_kindly(client, cast):
    response = client.get("/v/nobody")
    assert response.status_code == 404
    assert "silakan ke resepsionis" in response.content.decode()


def test_no_robot_and_no_referrer_learns_the_address(client, cast):
    response = page_of(client, cast.ticket())
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert response["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response["Cache-Control"]


def test_without_scripts_the_page_loads_itself_again(client, cast):
    text = page_of(client, cast.ticket()).content.decode()
    assert '<noscript><meta http-equiv="refresh" content="15"></noscript>' in text


@pytest.mark.parametrize(("language", "wish"), [("id", ""), ("en", "?lang=en")])
def test_the_qr_code_is_the_address_in_the_visitors_language(client, cast, language, wish):
    wanted = [cast.service("A01")]
    [ticket] = lifecycle.issue(cast.hall, wanted, actor="test", channel="kiosk", language=language)
    visit = ticket.visit
    drawn = client.get(f"/v/{visit.token}/qr.svg")
    expected = io.BytesIO()
    code = segno.make(f"http://testserver/v/{visit.token}{wish}", error="m", micro=False)
    code.save(expected, kind="svg", border=2, omitsize=True, xmldecl=False)
    assert drawn.content == expected.getvalue()
    assert drawn["Content-Type"] == "image/svg+xml"


@pytest.mark.parametrize("codes", [["A01"], ["A01", "B01"]])
def test_a_page_takes_as_many_questions_for_two_numbers(
    client, cast, codes, django_assert_num_queries
):
    ticket = cast.visit(*codes)[0]
    with django_assert_num_queries(10):
        page_of(client, ticket)


def judge_it(request, token):
    return HttpResponse()


urlpatterns = [*mpp.urls.urlpatterns, path("v/<slug:token>/survey", judge_it, name="survey")]


def test_whoever_is_done_is_led_to_the_survey_of_a_house_that_has_one(client, cast, settings):
    settings.ROOT_URLCONF = __name__
    ticket = cast.ticket()
    link = f'href="/v/{ticket.visit.token}/survey" data-part="survey"'
    assert f"{link} hidden" in page_of(client, ticket).content.decode()
    cast.serve(1)
    lifecycle.finish(cast.counter(1), actor="operator:officer")
    assert f"{link}>" in page_of(client, ticket).content.decode()
