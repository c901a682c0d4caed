"""How the lobby screens are: what they tell, how they are set up, and the check in the morning."""

import pytest
from django.test import Client

from agencies.models import AuditEntry
from queueing import screens
from queueing.models import Device, Lobby, TicketEvent
from tests.programs import Program, refusal


@pytest.fixture
def screen(cast) -> Program:
    return Program(cast, "display")


@pytest.fixture
def manager(cast) -> Client:
    browser = Client()
    browser.force_login(cast.manager)
    return browser


def beat(program: Program, **said) -> dict:
    response = program.post("displays/seen", said, once="")
    assert response.status_code == 200
    return response.json()


def shown(screen: Program, cast, **said):
    cast.hall.refresh_from_db()
    report = {"epoch": str(cast.hall.epoch), "version": cast.hall.version, **said}
    return screen.post("displays/shown", report, once="")


def fresh(cast) -> Device:
    return Device.objects.select_related("hall").get(pk=cast.display.pk)


def set_up(manager: Client, cast, **values):
    usual = {"diagonal": "55", "farthest": "10", "orientation": "landscape", "look": "light"}
    return manager.post(f"/hall/devices/{cast.display.pk}/screen", {**usual, **values})


# --- Signs of life ------------------------------------------------------------------------------


def test_a_sign_of_life_tells_release_size_and_sound(cast, screen):
    beat(screen, release="abc", screen="1920x1080@1", sound="blocked")
    device = fresh(cast)
    told = (device.release, device.screen, device.sound_state)
    assert told == ("abc", "1920x1080@1", "blocked")
    assert device.seen_at is not None


def test_a_sign_of_life_that_is_no_news_writes_nothing(cast, screen, django_assert_max_num_queries):
    beat(screen, screen="1920x1080@1", sound="ready")
    with django_assert_max_num_queries(8) as asked:
        beat(screen, screen="1920x1080@1", sound="ready")
    assert [query for query in asked if query["sql"].startswith("UPDATE")] == []


@pytest.mark.parametrize(
    "said",
    [
        {"release": "x" * 17},
        {"screen": "1\x00"},
        {"sound": "loud"},
        {"check": {"at": "x", "outcome": "perhaps"}},
    ],
)
def test_a_sign_of_life_that_says_nonsense_is_refused(cast, screen, said):
    assert refusal(screen.post("displays/seen", said)) == (422, "invalid")


def test_a_kiosk_is_no_screen(cast):
    assert refusal(Program(cast, "kiosk").post("displays/seen", {})) == (403, "not_yours")


def test_a_screen_learns_how_it_is_set_up(cast, screen, manager):
    assert beat(screen)["device"]["layout"] is None
    set_up(manager, cast, part="agency-b", look="dark", sound="on")
    told = beat(screen)["device"]
    assert (told["part"], told["look"], told["sound"]) == ("agency-b", "dark", True)
    assert (told["layout"]["rows"], told["layout"]["ratio"]) == (5, 1.7778)


def test_a_screen_learns_that_something_else_stands_beside_the_calls(cast, screen):
    names = [beat(screen)["device"]["beside"]]
    lobby = Lobby.objects.create(hall=cast.hall, text_id="Halo")
    names.append(beat(screen)["device"]["beside"])
    lobby.logo = b"dots"
    lobby.save()
    names.append(beat(screen)["device"]["beside"])
    assert len(set(names)) == 3
    assert beat(screen)["device"]["beside"] == names[-1]


# --- What was shown and said --------------------------------------------------------------------


def test_a_screen_reports_what_it_has_said(cast, screen):
    cast.ticket("A01"), cast.call(1)
    assert shown(screen, cast, spoken=2).status_code == 200
    assert (fresh(cast).shown_version, fresh(cast).spoken_version) == (2, 2)


def test_a_screen_that_says_nothing_keeps_what_it_said_before(cast, screen):
    cast.ticket("A01"), cast.call(1)
    shown(screen, cast, spoken=2)
    shown(screen, cast)
    assert fresh(cast).spoken_version == 2


def test_nobody_has_said_what_is_not_shown_yet(cast, screen):
    cast.ticket("A01"), cast.call(1)
    shown(screen, cast, spoken=99)
    assert fresh(cast).spoken_version == 2


@pytest.mark.parametrize("spoken", [-1, 2**62, "x"])
def test_a_version_that_is_none_is_refused(cast, screen, spoken):
    assert refusal(shown(screen, cast, spoken=spoken)) == (422, "invalid")


def test_another_history_is_refused_in_words(cast, screen):
    report = {"epoch": "00000000-0000-0000-0000-000000000001", "version": 0}
    response = screen.post("displays/shown", report)
    assert refusal(response) == (409, "illegal_move")
    assert "riwayat" in response.json()["message"]
    assert fresh(cast).shown_version is None


# --- Set up by its room -------------------------------------------------------------------------


def test_the_manager_measures_the_room_and_reads_the_sizes(cast, manager):
    assert set_up(manager, cast).status_code == 302
    page = manager.get(f"/hall/devices/{cast.display.pk}/screen").content.decode()
    assert "122 mm, 18% tinggi layar" in page
    assert "5 baris, 50 mm" in page


def test_a_screen_that_is_too_small_is_said_to_be(cast, manager):
    page = set_up(manager, cast, diagonal="32", **{"try": "1"}).content.decode()
    assert "Layar 32 inci terlalu kecil untuk kursi sejauh 10 m." in page
    assert "kursi terjauh 7,5 m, atau layar paling sedikit 43 inci" in page


def test_figures_that_are_only_tried_are_not_kept(cast, manager):
    page = set_up(manager, cast, **{"try": "1"}).content.decode()
    assert "belum disimpan" in page
    assert fresh(cast).farthest is None


@pytest.mark.parametrize("values", [{"farthest": ""}, {"farthest": "99"}, {"diagonal": "3"}])
def test_impossible_figures_are_refused(cast, manager, values):
    assert set_up(manager, cast, **values).status_code == 422
    assert fresh(cast).farthest is None


def test_a_screen_is_set_up_for_a_part_of_the_own_hall_only(cast, manager, next_door):
    assert set_up(manager, cast, part="loket-3").status_code == 302
    assert set_up(manager, cast, part="loket-99").status_code == 422


def test_who_set_it_up_is_written_down(cast, manager):
    set_up(manager, cast)
    entry = AuditEntry.objects.latest("pk")
    assert entry.subject == "display display 1"
    assert entry.detail["values"]["farthest"] == 10


def test_the_size_that_a_screen_tells_decides_which_way_it_stands(cast, manager, screen):
    set_up(manager, cast, orientation="auto")
    beat(screen, screen="1080x1920@1")
    assert screens.ratio_of(fresh(cast)) == pytest.approx(9 / 16)
    beat(screen, screen="nonsense")
    assert screens.ratio_of(fresh(cast)) == pytest.approx(16 / 9)


def test_a_paired_screen_shows_its_part_at_the_plain_address(cast, manager):
    set_up(manager, cast, part="loket-3")
    browser = Client()
    browser.get("/hall/display", {"pair": cast.key("display")})
    assert browser.get("/hall/display").context["about"]["counter"] == 3
    named = browser.get("/hall/display/agency-a").context["about"]
    assert (named["counter"], [each["code"] for each in named["agencies"]]) == (None, ["A"])


# --- The morning check --------------------------------------------------------------------------


def press(manager: Client):
    return manager.post("/hall/devices/screens/check")


def told(manager: Client) -> dict:
    rows = manager.get("/hall/devices/screens/state.json").json()["screens"]
    return {row["name"]: (row["outcome"], row["check"]) for row in rows}


def test_one_press_asks_every_screen(cast, screen, manager):
    assert beat(screen)["check"] is None
    assert press(manager).status_code == 302
    assert beat(screen)["check"] is not None


@pytest.mark.parametrize(
    ("outcome", "word"),
    [("heard", "Terlihat dan terdengar"), ("silent", "Terlihat, tetapi senyap")],
)
def test_what_a_screen_answers_stands_on_the_page(cast, screen, manager, outcome, word):
    press(manager)
    at = beat(screen)["check"]
    assert told(manager)["display 1"] == ("waiting", "Menunggu layar …")
    assert beat(screen, check={"at": at, "outcome": outcome})["check"] is None
    assert told(manager)["display 1"][0] == outcome
    assert told(manager)["display 1"][1].startswith(word)


def test_a_screen_that_does_not_answer_is_told_after_two_minutes(clock, cast, screen, manager):
    manager.force_login(cast.manager)
    press(manager)
    clock.forward(minutes=2)
    assert told(manager)["display 1"] == ("waiting", "Tidak terlihat: layar tidak menjawab")
    assert beat(screen)["check"] is None


def test_an_answer_to_an_earlier_check_counts_for_nothing(clock, cast, screen, manager):
    manager.force_login(cast.manager)
    press(manager)
    earlier = beat(screen)["check"]
    clock.forward(seconds=30)
    press(manager)
    assert beat(screen, check={"at": earlier, "outcome": "heard"})["check"] not in {None, earlier}
    assert fresh(cast).check_seen_at is None


def test_the_first_answer_stands(cast, screen, manager):
    press(manager)
    at = beat(screen)["check"]
    for outcome in ("silent", "heard"):
        beat(screen, check={"at": at, "outcome": outcome})
    assert fresh(cast).check_outcome == "silent"


def test_a_check_is_no_event_of_the_hall(cast, screen, manager):
    version = cast.hall.version
    press(manager)
    beat(screen, check={"at": beat(screen)["check"], "outcome": "heard"})
    cast.hall.refresh_from_db()
    assert (cast.hall.version, TicketEvent.objects.count()) == (version, 0)


def test_the_hall_next_door_is_not_checked(cast, next_door, manager):
    press(manager)
    assert beat(Program(next_door, "display"))["check"] is None


def test_more_screens_take_no_more_queries(cast, manager, django_assert_num_queries):
    manager.get("/hall/devices/screens"), press(manager)
    with django_assert_num_queries(9):
        manager.get("/hall/devices/screens")
    for number in range(3):
        Device.objects.create(hall=cast.hall, kind="display", name=f"L{number}", key_hash=number)
    press(manager)
    with django_assert_num_queries(9):
        manager.get("/hall/devices/screens")
