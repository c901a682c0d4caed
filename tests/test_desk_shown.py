"""After a call the desk says whether the lobby has seen it, and what to do when it has not."""

import pytest
from playwright.sync_api import expect

from queueing import lifecycle
from queueing.desk import desk_state
from queueing.models import Device
from tests.browsing import barriers
from tests.desks import at_desk
from tests.programs import Program

pytest_plugins = ["tests.looking"]
ACTOR = "operator:officer"


def shown(cast) -> dict | None:
    return desk_state(cast.counter(1))["shown"]


def report(cast, version: int | None = None, **more) -> None:
    """The screen says what it has shown: the newest version, unless told."""
    cast.hall.refresh_from_db()
    told = {"epoch": str(cast.hall.epoch), "version": version or cast.hall.version, **more}
    assert Program(cast, "display").post("displays/shown", told).status_code == 200


# --- What is known ------------------------------------------------------------------------------


def test_nobody_called_is_nothing_shown(cast):
    assert shown(cast) is None
    cast.ticket()
    cast.serve(1)
    assert shown(cast) is None


def test_a_hall_without_screens_says_nothing_alarming(cast):
    cast.ticket()
    cast.call(1)
    assert shown(cast) == {"of": 0, "screens": 0, "spoken": None}


def test_a_screen_that_was_here_today_is_waited_for_until_it_reports(cast):
    cast.ticket()
    report(cast)
    cast.call(1)
    assert shown(cast) == {"of": 1, "screens": 0, "spoken": None}
    report(cast)
    assert shown(cast) == {"of": 1, "screens": 1, "spoken": None}


def test_a_recall_is_to_be_shown_anew(cast, clock):
    cast.ticket()
    cast.call(1)
    clock.forward(seconds=30)
    report(cast)
    lifecycle.recall(cast.counter(1), actor=ACTOR)
    assert shown(cast)["screens"] == 0
    clock.forward(seconds=1)
    report(cast)
    assert shown(cast)["screens"] == 1


def test_a_later_version_has_shown_the_call_too(cast):
    cast.ticket()
    cast.call(1)
    cast.ticket()
    report(cast)
    assert shown(cast)["screens"] == 1


@pytest.mark.parametrize(
    ("sound", "is_said", "told"),
    [
        ("ready", True, True),
        ("ready", False, None),
        ("", False, None),
        ("blocked", False, False),
        ("broken", False, False),
    ],
)
def test_the_desk_knows_whether_the_call_was_heard(cast, sound, is_said, told):
    cast.ticket()
    cast.call(1)
    cast.hall.refresh_from_db()
    report(cast, sound=sound, **({"spoken": cast.hall.version} if is_said else {}))
    assert shown(cast) == {"of": 1, "screens": 1, "spoken": told}


def test_a_call_before_this_one_was_not_this_one(cast):
    cast.ticket()
    cast.hall.refresh_from_db()
    before = cast.hall.version
    cast.call(1)
    report(cast, sound="ready", spoken=before)
    assert shown(cast)["spoken"] is None


def test_a_report_of_another_history_does_not_count(cast):
    """After a restore the versions begin lower than what a screen once showed."""
    cast.ticket()
    report(cast)
    Device.objects.filter(kind="display").update(shown_version=10_000)
    cast.call(1)
    assert shown(cast) == {"of": 1, "screens": 0, "spoken": None}


def test_a_revoked_screen_and_one_of_yesterday_are_not_waited_for(cast, clock):
    report(cast)
    clock.forward(days=1)
    cast.ticket()
    cast.call(1)
    assert shown(cast)["of"] == 0
    Device.objects.filter(kind="display").update(seen_at=clock.moment, is_active=False)
    assert shown(cast)["of"] == 0


# --- On the page --------------------------------------------------------------------------------

SEEN = "UPDATE queueing_device SET seen_at = hall_now() WHERE kind = 'display'"


def tell_shown(hall) -> None:
    told = {name: hall.board()[name] for name in ("epoch", "version")}
    assert hall.post("displays/shown", told, key=hall.demo["displays"][0]["key"]).ok


@pytest.mark.browser
@pytest.mark.xdist_group("desk-work")
class TestAtTheDesk:
    def test_a_call_that_a_screen_has_shown_is_said_within_seconds(self, hall, look):
        hall.take("A01"), tell_shown(hall)
        page = at_desk(hall, look)
        page.get_by_test_id("call-next").click()
        expect(page.get_by_test_id("current-ticket")).to_contain_text("A-001")
        tell_shown(hall)
        expect(page.get_by_test_id("shown")).to_have_text("Tampil di layar lobi", timeout=4500)
        expect(page.get_by_test_id("unshown")).to_be_hidden()

    def test_a_call_that_nobody_sees_says_what_to_do(self, hall, look):
        hall.take("A01"), hall.rows(SEEN)
        page = at_desk(hall, look)
        page.get_by_test_id("call-next").click()
        words = "Belum ada layar lobi yang menampilkan A-001. Panggil juga dengan suara Anda"
        expect(page.get_by_test_id("unshown")).to_contain_text(words, timeout=8000)
        assert barriers(page) == []
        tell_shown(hall)
        page.get_by_test_id("start").click()
        expect(page.get_by_test_id("unshown")).to_be_hidden()

    def test_without_screens_the_desk_keeps_quiet(self, hall, look):
        hall.take("A01"), hall.press(1, "call-next")
        hall.rows("UPDATE queueing_ticket SET last_call_at = last_call_at - interval '9 s'")
        page = at_desk(hall, look)
        expect(page.get_by_test_id("current-ticket")).to_contain_text("A-001")
        expect(page.get_by_test_id("unshown")).to_be_hidden()
        expect(page.get_by_test_id("shown")).to_be_hidden()
