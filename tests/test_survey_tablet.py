"""The survey at the exit: a paired tablet, and the number that somebody types there."""

import pytest
from django.test import Client

from agencies.keys import demo_key, hash_key
from queueing.access import COOKIES
from queueing.models import Device
from survey.models import Questionnaire, Smile
from tests.cast import Cast, a_device
from tests.surveys import form, served

TABLET = Device.Kind.SURVEY


def tablet_of(cast: Cast) -> Client:
    a_device(cast.hall, TABLET).save()
    browser = Client()
    browser.cookies[COOKIES[TABLET]] = cast.key(TABLET)
    return browser


@pytest.fixture
def tablet(cast, clock) -> Client:
    return tablet_of(cast)


def type_in(tablet: Client, label: str, **more: str):
    return tablet.get("/hall/survey", {"label": label, **more})


def send(tablet: Client, label: str, said: dict[str, str] | None = None):
    return tablet.post(f"/hall/survey?label={label}", said or form())


# --- Who may -----------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["officer", "supervisor", "greeter", "manager"])
def test_no_sign_in_opens_it_because_the_answers_are_the_citizens(cast, role):
    browser = Client()
    browser.force_login(getattr(cast, role))
    assert browser.get("/hall/survey").status_code == 403


@pytest.mark.parametrize("kind", ["kiosk", "display"])
def test_no_other_device_opens_it(cast, kind):
    browser = Client()
    for name in COOKIES.values():
        browser.cookies[name] = cast.key(kind)
    assert browser.get("/hall/survey").status_code == 403


def test_a_tablet_of_the_hall_next_door_asks_to_be_paired(cast, next_door):
    browser = tablet_of(next_door)
    served(cast)
    assert browser.get("/hall/survey").status_code == 403
    assert send(browser, "A-001").status_code == 403
    assert not Questionnaire.objects.exists()


def test_a_browser_is_paired_by_the_tablets_key(cast):
    a_device(cast.hall, TABLET).save()
    browser = Client()
    response = browser.get(f"/hall/survey?pair={cast.key(TABLET)}")
    assert (response.status_code, response["Location"]) == (302, "/hall/survey")
    assert browser.get("/hall/survey").status_code == 200


def test_a_tablet_that_was_sent_away_is_told_so(cast, tablet):
    Device.objects.filter(kind=TABLET).update(is_active=False)
    response = tablet.get("/hall/survey")
    assert response.status_code == 403
    assert "Tablet ini tidak lagi terdaftar" in response.content.decode()


def test_the_waiting_page_leads_to_the_tablets_page(cast):
    response = Client().get("/hall/pair/survey")
    assert response.context["about"]["next"] == "/hall/survey"


def test_the_manager_sees_the_tablet_without_a_page_of_settings(cast, tablet):
    manager = Client()
    manager.force_login(cast.manager)
    text = manager.get("/hall/devices").content.decode()
    row = text.split('value="survey 1"')[1].split("</tr>")[0]
    assert "Tablet survei" in row
    assert "Atur" not in row


# --- The number --------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["A-001", "a001", "A1", " a 1 "])
def test_a_number_is_found_however_it_is_typed(cast, tablet, typed):
    ticket = served(cast)
    assert type_in(tablet, typed).context["ticket"] == ticket


def test_the_keypad_has_the_letters_of_the_halls_queues(tablet):
    assert list(tablet.get("/hall/survey").context["letters"]) == ["A", "B"]


@pytest.mark.parametrize(
    ("typed", "status", "sentence"),
    [
        ("A-009", 404, "Nomor A-009 tidak ada hari ini."),
        ("Z-001", 404, "Nomor Z-001 tidak ada hari ini."),
        ("hello", 422, "Ketik nomornya seperti di slip"),
        ("A-002", 409, "setelah nomor ini selesai dilayani"),
    ],
)
def test_a_number_that_cannot_be_judged_leads_back_to_the_keypad(
    cast, tablet, typed, status, sentence
):
    served(cast), cast.ticket()
    response = type_in(tablet, typed)
    assert response.status_code == status
    assert sentence in response.content.decode()
    assert 'id="keypad"' in response.content.decode()


def test_yesterdays_number_is_not_of_today(cast, tablet, clock):
    served(cast)
    clock.forward(days=1)
    assert type_in(tablet, "A-001").status_code == 404
    assert send(tablet, "A-001").status_code == 404


# --- Once --------------------------------------------------------------------------------------


def test_what_is_answered_at_the_tablet_says_so(cast, tablet):
    served(cast)
    assert send(tablet, "A-001")["Location"] == "/hall/survey?label=A-001"
    assert Questionnaire.objects.get().channel == "tablet"


def test_a_number_that_was_judged_already_is_thanked(cast, tablet):
    served(cast)
    send(tablet, "A-001")
    response = type_in(tablet, "A-001")
    assert response.context["is_answered"]
    assert "Penilaian untuk nomor A-001 sudah kami terima." in response.content.decode()
    assert send(tablet, "A-001").status_code == 409
    assert Questionnaire.objects.count() == 1


def test_what_was_answered_on_the_phone_is_not_answered_at_the_tablet(cast, tablet, client):
    ticket = served(cast)
    client.post(f"/v/{ticket.visit.token}/survey", form())
    response = send(tablet, "A-001")
    assert response.status_code == 409
    assert "sudah kami terima" in response.content.decode()


def test_a_double_press_at_the_tablet_counts_once(cast, tablet):
    served(cast)
    said = form()
    assert [send(tablet, "A-001", said).status_code for _ in range(2)] == [302, 302]
    assert Questionnaire.objects.count() == 1


def test_a_missing_answer_keeps_the_others_on_the_tablet(cast, tablet):
    served(cast)
    response = send(tablet, "A-001", form(waktu=""))
    assert response.status_code == 422
    assert response.context["questions"][2]["is_missing"]


def test_a_smile_at_the_tablet_needs_no_answers(cast, tablet):
    served(cast)
    assert send(tablet, "A-001", {"face": "1", "key": "x"}).status_code == 302
    assert (Smile.objects.get().face, Smile.objects.get().channel) == (1, "tablet")


def test_in_a_demo_hall_any_browser_may_be_the_tablet(cast):
    key = demo_key("hall", "Tablet survei")
    Device.objects.create(hall=cast.hall, kind=TABLET, name="Tablet survei", key_hash=hash_key(key))
    browser = Client()
    assert browser.get("/hall/survey").status_code == 302
    assert browser.get("/hall/survey").status_code == 200
