"""An idle counter calls the next one after a countdown, where the hall wants it so."""

import pytest
from django.core.exceptions import ValidationError
from playwright.sync_api import expect

from queueing.desk import desk_state
from tests.browsing import barriers
from tests.desks import at_desk, events, more, serve

pytest_plugins = ["tests.looking"]


@pytest.mark.parametrize("seconds", [0, 2, 301])
def test_a_countdown_is_neither_too_short_nor_too_long(cast, seconds):
    cast.hall.offer_after = seconds
    with pytest.raises(ValidationError):
        cast.hall.full_clean()


def test_the_desk_learns_what_the_hall_wants(cast):
    assert desk_state(cast.counter(1))["offer_after"] is None
    cast.hall.offer_after = 8
    cast.hall.save()
    assert desk_state(cast.counter(1))["offer_after"] == 8


def test_the_manager_sets_it(client, cast):
    cast.manager.is_staff = True
    cast.manager.save()
    client.force_login(cast.manager)
    page = client.get(f"/admin/agencies/hall/{cast.hall.pk}/change/").content.decode()
    assert 'name="offer_after"' in page


@pytest.fixture
def offering(hall):
    """The hall offers the next one after so many seconds, until the test is over."""

    def after(seconds: int):
        hall.rows(f"UPDATE agencies_hall SET offer_after = {seconds}")  # noqa: S608 - our own
        return hall

    yield after
    hall.rows("UPDATE agencies_hall SET offer_after = NULL")


@pytest.mark.browser
@pytest.mark.xdist_group("desk-work")
class TestAtTheDesk:
    def test_the_next_one_is_called_when_the_countdown_is_over(self, offering, look):
        hall = offering(3)
        hall.take("A01")
        page = at_desk(hall, look)
        expect(page.get_by_test_id("offer")).to_contain_text("Nomor A-001 dipanggil dalam")
        expect(page.get_by_test_id("current-ticket")).to_contain_text("A-001", timeout=8000)
        assert events(hall, "call") == ["call"]

    def test_who_comes_to_an_idle_counter_is_offered(self, offering, look):
        hall = offering(300)
        page = at_desk(hall, look)
        expect(page.get_by_test_id("offer")).to_be_hidden()
        hall.take("A01")
        expect(page.get_by_test_id("offer")).to_contain_text("Nomor A-001 dipanggil dalam")
        expect(page.locator("#told")).to_contain_text("akan dipanggil otomatis")
        assert barriers(page) == []

    def test_a_pause_holds_it_until_the_officer_goes_on(self, offering, look):
        hall = offering(300)
        hall.take("A01")
        page = at_desk(hall, look)
        page.get_by_test_id("offer-pause").click()
        expect(page.get_by_text("Panggilan otomatis ditunda.")).to_be_visible()
        expect(page.get_by_test_id("offer")).to_be_hidden()
        page.get_by_role("button", name="Lanjutkan", exact=True).click()
        expect(page.get_by_test_id("offer")).to_be_visible()

    def test_a_question_on_the_screen_holds_it_too(self, offering, look):
        hall = offering(300)
        hall.take("A01")
        page = at_desk(hall, look)
        expect(page.get_by_test_id("offer")).to_be_visible()
        more(page, "walk-in")
        expect(page.get_by_test_id("offer")).to_be_hidden()

    def test_nobody_is_offered_at_a_busy_counter_or_on_a_break(self, offering, look):
        hall = offering(300)
        serve(hall, 1, "A01"), hall.take("A01")
        page = at_desk(hall, look)
        expect(page.get_by_test_id("current-ticket")).to_contain_text("A-001")
        expect(page.get_by_test_id("offer")).to_be_hidden()
        hall.press(1, "finish")
        expect(page.get_by_test_id("offer")).to_be_visible()
        hall.press(1, "break", body={"reason": "Rapat"})
        expect(page.get_by_test_id("offer")).to_be_hidden()

    def test_who_cannot_be_called_is_not_offered(self, offering, look):
        hall = offering(300)
        hall.take("A01", "F01"), hall.press(14, "call-next")
        page = at_desk(hall, look)
        expect(page.locator("#next")).to_contain_text("A-001")
        expect(page.get_by_test_id("offer")).to_be_hidden()
