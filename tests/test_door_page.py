"""The door: the start page, the sign-in, where each person goes, and the overview."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from agencies.models import Hall, Operator
from queueing import lifecycle
from tests.browsing import barriers
from tests.pages import overflows

pytest_plugins = ["tests.looking"]


def page_of(name: str, cast) -> str:
    return reverse(name, args=[cast.hall.slug])


# --- The start page -----------------------------------------------------------------------------


def test_a_single_hall_opens_its_start_page_at_the_door(client, cast):
    response = client.get("/")
    assert "MPP hall" in response.content.decode()
    for name in ("kiosk", "display", "desk", "manager", "greeter"):
        assert f'href="{page_of(name, cast)}"' in response.content.decode()
    assert 'href="/admin/"' in response.content.decode()


def test_several_halls_are_listed(client, cast, next_door):
    text = client.get("/").content.decode()
    assert page_of("start", cast) in text
    assert page_of("start", next_door) in text


@pytest.mark.django_db
def test_an_empty_installation_says_what_to_do(client):
    assert "make run" in client.get("/").content.decode()


def test_the_start_page_counts_who_waits(client, cast):
    cast.ticket("A01"), cast.ticket("B01")
    lifecycle.close_counter(cast.counter(1), actor="operator:officer")
    context = client.get(page_of("start", cast)).context
    assert (context["waiting"], context["counters_open"], context["agencies"]) == (2, 2, 2)


def test_a_demo_hall_says_that_it_is_one(client, cast):
    assert "Ini peragaan" in client.get("/").content.decode()
    Hall.objects.update(always_open=False)
    assert "Ini peragaan" not in client.get("/").content.decode()


def test_an_unknown_hall_is_answered_kindly(client, cast):
    response = client.get("/no-such-hall/")
    assert response.status_code == 404
    assert "Silakan ke resepsionis" in response.content.decode()


def test_the_language_is_remembered(client, cast):
    assert '<html lang="id"' in client.get("/").content.decode()
    assert '<html lang="en"' in client.get("/?lang=en").content.decode()
    assert '<html lang="en"' in client.get("/sign-in").content.decode()


def test_the_language_switch_keeps_the_rest_of_the_address(client, cast):
    text = client.get("/sign-in?next=/hall/desk").content.decode()
    assert 'href="?next=%2Fhall%2Fdesk&amp;lang=en"' in text


def test_the_wish_for_contrast_is_in_the_first_paint(client, cast):
    client.cookies["contrast"] = "high"
    assert 'data-contrast="high"' in client.get("/").content.decode()


# --- The sign-in --------------------------------------------------------------------------------


def signed_in(client, **who) -> str:
    return client.post("/sign-in", {"username": "hall-officer", "password": "secret", **who})


@pytest.fixture
def officer(cast) -> Operator:
    cast.officer.set_password("secret")
    cast.officer.save()
    return cast.officer


def test_a_wrong_password_is_said_kindly_and_keeps_the_name(client, officer):
    text = signed_in(client, password="wrong").content.decode()
    assert "kata sandi belum tepat" in text
    assert 'value="hall-officer"' in text


def test_who_signs_in_goes_to_work(client, officer):
    assert signed_in(client).url == "/home"


def test_who_was_sent_to_the_sign_in_goes_back(client, officer):
    assert signed_in(client, next="/hall/desk/1").url == "/hall/desk/1"


@pytest.mark.parametrize(
    ("who", "where"),
    [
        ("officer", "desk"),
        ("supervisor", "manager"),
        ("manager", "manager"),
        ("greeter", "greeter"),
    ],
)
def test_each_role_has_a_place_of_work(client, cast, who, where):
    client.force_login(getattr(cast, who))
    assert client.get("/home").url == page_of(where, cast)


def test_signing_out_leads_to_the_door(client, cast):
    client.force_login(cast.officer)
    assert client.post("/sign-out").url == "/"


# --- The overview -------------------------------------------------------------------------------


def test_the_manager_sees_every_agency(client, cast):
    client.force_login(cast.manager)
    agencies = client.get(page_of("manager", cast)).context["about"]["agencies"]
    assert [agency["code"] for agency in agencies] == ["A", "B"]


def test_a_supervisor_sees_the_own_agency(client, cast):
    client.force_login(cast.supervisor)
    agencies = client.get(page_of("manager", cast)).context["about"]["agencies"]
    assert [agency["code"] for agency in agencies] == ["A"]


@pytest.mark.parametrize("who", ["officer", "greeter"])
def test_others_do_not_see_the_overview(client, cast, who):
    client.force_login(getattr(cast, who))
    response = client.get(page_of("manager", cast))
    assert response.status_code == 403
    assert "bukan bagian Anda" in response.content.decode()


def test_the_overview_of_another_hall_does_not_exist(client, cast, next_door):
    client.force_login(cast.manager)
    assert client.get(page_of("manager", next_door)).status_code == 404


# --- At the door --------------------------------------------------------------------------------


class TestAtTheDoor:
    pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("display")]

    def test_the_start_page_counts_along(self, hall, look):
        page = look("")
        hall.take("A01")
        expect(page.locator("#waiting")).to_have_text("1")

    def test_the_overview_counts_along(self, hall, look):
        page = look("manager", who=hall.demo["manager"])
        hall.take("C01"), hall.take("A01"), hall.press(10, "close"), hall.press(1, "call-next")
        expect(page.locator("#counters")).to_contain_text("A-001 dipanggil")
        expect(page.locator("#queues").get_by_text("Tanpa loket")).to_be_visible()
        assert barriers(page) == []

    def test_an_officer_comes_in_through_the_form(self, hall, look):
        page = look("/sign-in")
        page.get_by_label("Nama pengguna").fill("loket-03")
        page.get_by_label("Kata sandi").fill("wrong")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("belum tepat")
        assert barriers(page) == []
        page.get_by_label("Kata sandi").fill(hall.demo["operators"][2]["password"])
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/{hall.slug}/desk/3")

    @pytest.mark.parametrize("size", [(1366, 768), (390, 844)])
    @pytest.mark.parametrize("path", ["", "/sign-in", "no-such-page"])
    def test_nobody_is_kept_out(self, look, path, size):
        page = look(path, size=size)
        assert not overflows(page)
        assert barriers(page) == []

    def test_a_wish_for_contrast_is_remembered(self, look):
        page = look("")
        page.get_by_role("button", name="Kontras tinggi").click()
        assert barriers(page) == []
        page.goto("/sign-in")
        assert page.locator("html").get_attribute("data-contrast") == "high"
