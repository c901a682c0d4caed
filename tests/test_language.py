"""Which language does this visitor read? Indonesian, unless somebody asked for English."""

import pytest
from django.test import Client
from django.utils import translation

from agencies.models import in_language
from queueing.refusals import NotKnown
from tests.programs import Program

COOKIE = "language"


@pytest.fixture
def browser(cast) -> Client:
    return Client()


def spoken(browser: Client, address: str, **headers: str) -> str:
    """Return the language in which this address answered."""
    return browser.get(address, headers=headers).headers["Content-Language"]


def test_a_page_is_indonesian_at_first(browser):
    assert spoken(browser, "/sign-in") == "id"
    assert b'<html lang="id"' in browser.get("/sign-in").content


def test_a_page_that_is_asked_for_in_english_is_english(browser):
    assert spoken(browser, "/sign-in?lang=en") == "en"
    assert b'<html lang="en"' in browser.get("/sign-in").content


def test_the_language_is_remembered_until_another_is_asked_for(browser):
    asked = ["?lang=en", "", "?lang=id", "", "?lang=en", ""]
    told = [spoken(browser, f"/hall/display{wish}") for wish in asked]
    assert told == ["en", "en", "id", "id", "en", "en"]


def test_only_what_was_asked_for_is_remembered(browser):
    browser.get("/sign-in")
    assert COOKIE not in browser.cookies
    cookie = browser.get("/sign-in?lang=en").cookies[COOKIE]
    assert (cookie.value, cookie["samesite"], cookie["path"]) == ("en", "Lax", "/")
    assert int(cookie["max-age"]) == 365 * 24 * 60 * 60


@pytest.mark.parametrize("wish", ["fr", "EN", "en-GB", "", "id,en", "%00", "../en", "e" * 5000])
def test_a_language_that_we_do_not_speak_is_not_heard(browser, wish):
    assert spoken(browser, f"/sign-in?lang={wish}") == "id"
    assert COOKIE not in browser.cookies


@pytest.mark.parametrize("memory", ["fr", "", "en;", "\u00e9", "x" * 3000])
def test_a_memory_that_makes_no_sense_is_not_heard(browser, memory):
    browser.cookies[COOKIE] = memory
    assert spoken(browser, "/sign-in") == "id"


def test_a_page_does_not_listen_to_the_system_of_the_kiosk(browser):
    assert spoken(browser, "/hall/display", **{"Accept-Language": "en-US,en;q=0.9"}) == "id"


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("en", "en"),
        ("en-US,en;q=0.9,id;q=0.1", "en"),
        ("id,en;q=0.5", "id"),
        ("fr-FR, en;q=0.3", "en"),
        ("fr", "id"),
        ("*", "id"),
        ("", "id"),
        ("en;q=x", "id"),
        ("e" * 5000, "id"),
    ],
)
def test_a_program_says_what_it_accepts(browser, accepted, language):
    headers = {"Accept-Language": accepted}
    assert spoken(browser, "/api/v1/halls/hall/board", **headers) == language


def test_what_is_asked_for_counts_more_than_what_is_remembered_or_accepted(browser):
    browser.cookies[COOKIE] = "id"
    headers = {"Accept-Language": "id"}
    assert spoken(browser, "/api/v1/halls/hall/events?lang=en", **headers) == "en"


def test_one_visitors_language_is_not_the_next_ones(cast):
    first, second = Client(), Client()
    first.get("/sign-in?lang=en")
    assert spoken(second, "/sign-in") == "id"
    assert translation.get_language() == "id"


def test_a_refusal_is_told_in_the_language_asked_for(cast):
    for language in ("id", "en"):
        with translation.override(language):
            sentence = str(NotKnown.sentence)
        told = Program(cast, language=language).get("events").json()
        assert told == {"code": "not_known", "message": sentence}


def test_what_has_no_english_name_keeps_its_indonesian_one():
    with translation.override("en"):
        assert in_language("Loket", "Counter") == "Counter"
        assert in_language("Loket", "") == "Loket"
        assert in_language(["KTP"], []) == ["KTP"]
    assert in_language("Loket", "Counter") == "Loket"


def test_the_catalogue_tells_both_languages_whatever_is_asked_for(cast):
    told = [Program(cast, language=each).get("catalogue").json() for each in ("id", "en")]
    assert told[0] == told[1]
    assert told[0]["agencies"][0]["name"] == {"id": "Instansi A", "en": "Agency A"}
