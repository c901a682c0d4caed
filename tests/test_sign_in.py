"""Who is there? Lockout, the length of a session, the locked screen, and the second factor."""

import datetime as dt
import time

import pytest
from axes.models import AccessAttempt
from django.core.management import CommandError, call_command
from django.test import Client
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from agencies import audit, lockout, second_factor
from agencies.models import AuditAddress, AuditEntry, Operator
from queueing.models import Ticket
from tests.cast import Cast, make_operator
from tests.programs import Program

PASSWORD = "antre-dengan-tertib"
KEPT = [AccessAttempt, AuditEntry, AuditAddress]
HALL_ADDRESS, ELSEWHERE = "203.0.113.7", "198.51.100.9"


@pytest.fixture(autouse=True)
def _quick_hasher(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def with_password(person: Operator) -> Operator:
    person.set_password(PASSWORD)
    person.save()
    return person


def try_to_sign_in(name: str, password: str, *, address=HALL_ADDRESS, browser=None, **more):
    form = {"username": name, "password": password, **more}
    return (browser or Client()).post("/sign-in", form, REMOTE_ADDR=address)


def fail(name: str, times: int, **options) -> list[int]:
    return [try_to_sign_in(name, "wrong", **options).status_code for _ in range(times)]


@pytest.fixture
def officer(cast) -> Operator:
    return with_password(cast.officer)


@pytest.fixture
def desk(cast, clock, officer) -> Client:
    """The browser of an officer who has signed in at 09.00."""
    browser = Client()
    try_to_sign_in(officer.username, PASSWORD, browser=browser)
    return browser


# --- Who must wait ------------------------------------------------------------------------------


def test_after_five_wrong_passwords_a_name_waits_at_its_address(officer):
    assert fail(officer.username, 5) == [200, 200, 200, 200, 429]
    held = try_to_sign_in(officer.username, PASSWORD)
    assert held.status_code == 429
    assert 0 < int(held["Retry-After"]) <= 900
    assert "Coba lagi dalam 15 menit" in held.content.decode()


def test_the_wait_is_told_in_english_too(officer):
    fail(officer.username, 5)
    browser = Client()
    browser.cookies["language"] = "en"
    held = try_to_sign_in(officer.username, PASSWORD, browser=browser)
    assert "Try again in 15 minutes" in held.content.decode()


def test_the_wait_is_over_after_a_quarter_of_an_hour(officer, time_machine):
    time_machine.move_to(dt.datetime(2026, 11, 24, 2, 0, tzinfo=dt.UTC), tick=False)
    fail(officer.username, 5)
    time_machine.shift(16 * 60)
    assert try_to_sign_in(officer.username, PASSWORD).status_code == 302


def test_from_another_address_the_name_still_comes_in(officer):
    fail(officer.username, 5, address=ELSEWHERE)
    assert try_to_sign_in(officer.username, PASSWORD).status_code == 302


@pytest.mark.long
def test_an_attacker_behind_the_halls_address_keeps_27_officers_from_nothing(cast):
    officers = [with_password(make_operator(cast.hall, f"loket-{n}", "manager")) for n in range(27)]
    fail("admin", 60)
    signed_in = [try_to_sign_in(each.username, PASSWORD).status_code for each in officers]
    assert signed_in == [302] * 27


def test_an_officer_comes_in_at_the_own_desk_whoever_tries_the_name(officer):
    browser = Client()
    try_to_sign_in(officer.username, PASSWORD, browser=browser)
    assert fail(officer.username, 6)[-1] == 429
    assert try_to_sign_in(officer.username, PASSWORD, browser=browser).status_code == 302


def test_a_known_browser_may_not_guess_without_end_either(officer):
    browser = Client()
    try_to_sign_in(officer.username, PASSWORD, browser=browser)
    assert fail(officer.username, 5, browser=browser)[-1] == 429


def test_a_forged_mark_of_a_known_browser_is_worth_nothing(officer):
    fail(officer.username, 5)
    browser = Client()
    browser.cookies[lockout.COOKIE] = "eyJsb2tldCI6IngifQ:forged"
    assert try_to_sign_in(officer.username, PASSWORD, browser=browser).status_code == 429


def test_a_name_tried_from_everywhere_waits_everywhere(officer):
    for place in range(lockout.SLOW_LIMIT // 2):
        fail(officer.username, 2, address=f"198.51.100.{place}")
    assert try_to_sign_in(officer.username, PASSWORD).status_code == 429


def test_nothing_that_was_typed_is_kept(officer):
    try_to_sign_in("my-secret-in-the-wrong-field", "my-other-secret")
    kept = "".join(str(list(model.objects.values())) for model in KEPT)
    assert "secret" not in kept


def test_the_admin_has_no_door_of_its_own(client, cast):
    response = client.get("/admin/login/?next=/admin/agencies/hall/")
    assert response.headers["Location"] == "/sign-in?next=%2Fadmin%2Fagencies%2Fhall%2F"
    assert client.post("/admin/login/", {"username": "x", "password": "y"}).status_code == 405


@pytest.mark.parametrize("wish", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_the_sign_in_leads_to_no_other_host(officer, wish):
    response = try_to_sign_in(officer.username, PASSWORD, next=wish)
    assert response.headers["Location"] == "/home"


# --- How long a sign-in lasts -------------------------------------------------------------------


def state(browser: Client) -> int:
    return browser.get("/hall/desk/1/state.json").status_code


def test_the_key_of_the_session_is_new_after_the_sign_in(desk, officer):
    before = desk.cookies["sessionid"].value
    try_to_sign_in(officer.username, PASSWORD, browser=desk)
    assert desk.cookies["sessionid"].value != before


def test_after_half_an_hour_without_a_press_the_screen_is_locked(desk, clock):
    clock.forward(minutes=29)
    assert state(desk) == 200
    clock.forward(minutes=2)
    assert state(desk) == 401
    shown = desk.get("/hall/desk/1", follow=True)
    assert shown.redirect_chain[-1][0] == "/lock?next=%2Fhall%2Fdesk%2F1"
    assert "Layar terkunci" in shown.content.decode()


def test_a_header_of_programs_keeps_no_page_open(desk, clock):
    clock.forward(minutes=31)
    page = desk.get("/hall/desk/1/state.json", headers={"Authorization": "Bearer anything"})
    assert page.status_code == 401


def test_the_desk_that_asks_by_itself_keeps_nobody_awake(desk, clock):
    for _ in range(4):
        clock.forward(minutes=8)
        state(desk), desk.get("/api/v1/halls/hall/board")
    assert state(desk) == 401


def test_calling_keeps_the_officer_awake(desk, cast, clock):
    cast.ticket("A01")
    for place, verb in enumerate(("call-next", "recall", "recall", "no-show")):
        clock.forward(minutes=20)
        address, headers = f"/api/v1/halls/hall/counters/1/{verb}", {"Idempotency-Key": f"{place}"}
        told = desk.post(address, {}, "application/json", headers=headers)
        assert told.status_code == 200
    assert state(desk) == 200


def test_the_password_opens_the_lock_where_the_desk_was_left(desk, cast, clock):
    ticket = cast.ticket("A01")
    cast.serve(1)
    before = Ticket.objects.filter(pk=ticket.pk).values().get()
    clock.forward(minutes=31)
    opened = desk.post("/lock", {"password": PASSWORD, "next": "/hall/desk/1"}, follow=True)
    assert opened.redirect_chain == [("/hall/desk/1", 302)]
    assert opened.context["about"]["state"]["current"]["label"] == ticket.label
    assert Ticket.objects.filter(pk=ticket.pk).values().get() == before


def test_a_wrong_password_opens_no_lock_and_counts(desk, clock):
    clock.forward(minutes=31)
    told = [desk.post("/lock", {"password": "wrong"}).status_code for _ in range(5)]
    assert told == [200, 200, 200, 200, 429]
    assert state(desk) == 401


def test_nobody_opens_a_lock_by_signing_in_as_somebody_else_and_going_back(desk, cast, clock):
    clock.forward(minutes=31)
    colleague = with_password(cast.colleague)
    try_to_sign_in(colleague.username, PASSWORD, browser=desk)
    assert state(desk) == 404


@pytest.mark.long
def test_a_session_ends_after_twelve_hours_however_busy_it_was(desk, clock):
    for _ in range(36):
        clock.forward(minutes=20)
        desk.get("/hall/desk/1")
    assert state(desk) == 200
    clock.forward(minutes=1)
    assert state(desk) == 401
    assert desk.get("/hall/desk/1", follow=True).redirect_chain[-1][0].startswith("/sign-in")


def test_a_key_knows_no_idleness(desk, cast, clock):
    clock.forward(hours=13)
    assert Program(cast, "officer").post("counters/1/open").status_code == 200


def test_whoever_signed_out_is_out_at_once(desk):
    desk.post("/sign-out")
    assert state(desk) == 401


# --- The second factor --------------------------------------------------------------------------


def code_of(person: Operator) -> str:
    device = TOTPDevice.objects.get(user=person)
    totp = TOTP(device.bin_key)
    totp.time = time.time()
    TOTPDevice.objects.update(throttling_failure_count=0, last_t=-1)
    return f"{totp.token():06d}"


@pytest.fixture
def strict(cast) -> Cast:
    """A hall that wants the second factor of its managers."""
    cast.hall.second_factor = True
    cast.hall.save()
    with_password(cast.manager)
    return cast


def manager_of(cast: Cast) -> Client:
    browser = Client()
    try_to_sign_in(cast.manager.username, PASSWORD, browser=browser)
    return browser


def test_a_hall_wants_no_second_factor_unless_it_says_so(cast):
    with_password(cast.manager)
    assert manager_of(cast).get("/hall/manager").status_code == 200


@pytest.mark.parametrize("page", ["/hall/manager", "/hall/devices", "/admin/", "/hall/desk/1"])
def test_without_the_second_factor_a_manager_is_nobody(strict, page):
    strict.manager.is_staff = True
    strict.manager.save()
    shown = manager_of(strict).get(page, follow=True)
    assert shown.redirect_chain[-1][0].startswith("/second-factor?next=")


def test_without_the_second_factor_no_button_works(strict):
    browser = manager_of(strict)
    headers = {"Idempotency-Key": "x"}
    address = "/api/v1/halls/hall/counters/1/open"
    assert browser.post(address, {}, "application/json", headers=headers).status_code == 401


def test_the_first_code_sets_it_up_and_gives_recovery_codes(strict):
    browser = manager_of(strict)
    assert "data:image/svg+xml" in browser.get("/second-factor").content.decode()
    shown = browser.post("/second-factor", {"token": code_of(strict.manager)})
    assert len(set(shown.context["codes"])) == 10
    assert browser.get("/hall/manager").status_code == 200


def test_the_next_sign_in_asks_for_a_code(strict):
    set_up(strict)
    browser = manager_of(strict)
    assert browser.get("/hall/manager").status_code == 302
    assert browser.post("/second-factor", {"token": "000000"}).status_code == 200
    order = {"token": code_of(strict.manager), "next": "/hall/manager"}
    assert browser.post("/second-factor", order).headers["Location"] == "/hall/manager"
    assert browser.get("/hall/manager").status_code == 200


def set_up(cast: Cast) -> list[str]:
    browser = manager_of(cast)
    browser.get("/second-factor")
    return browser.post("/second-factor", {"token": code_of(cast.manager)}).context["codes"]


def test_a_recovery_code_counts_once(strict):
    code = set_up(strict)[0]
    told = [manager_of(strict).post("/second-factor", {"token": code}) for _ in range(2)]
    assert [each.status_code for each in told] == [302, 200]


def test_a_code_is_not_taken_twice(strict):
    set_up(strict)
    code = code_of(strict.manager)
    told = [manager_of(strict).post("/second-factor", {"token": code}) for _ in range(2)]
    assert [each.status_code for each in told] == [302, 200]


def test_guessing_codes_is_slowed_down(strict, time_machine):
    time_machine.move_to(dt.datetime.now(dt.UTC), tick=False)  # the first pause is of one second
    set_up(strict)
    browser, right = manager_of(strict), code_of(strict.manager)
    for _ in range(3):
        browser.post("/second-factor", {"token": "000000"})
    assert browser.post("/second-factor", {"token": right}).status_code == 200


def test_who_set_it_up_is_asked_though_the_hall_no_longer_wants_it(strict):
    set_up(strict)
    strict.hall.second_factor = False
    strict.hall.save()
    assert manager_of(strict).get("/hall/manager").status_code == 302


def test_whoever_lost_everything_starts_anew(strict):
    set_up(strict)
    second_factor.forget(strict.manager)
    assert not second_factor.is_set_up(strict.manager)
    assert AuditEntry.objects.first().kind == "second_factor_reset"


def test_an_officer_is_asked_for_no_code(strict):
    with_password(strict.officer)
    browser = Client()
    try_to_sign_in(strict.officer.username, PASSWORD, browser=browser)
    assert browser.get("/hall/desk/1").status_code == 200


# --- The audit ----------------------------------------------------------------------------------


def told() -> list[tuple[str, str]]:
    return list(AuditEntry.objects.order_by("pk").values_list("kind", "actor"))


def test_each_way_in_and_out_is_written_down(officer, clock):
    browser, name = Client(), officer.username
    fail(name, 1)
    try_to_sign_in(name, PASSWORD, browser=browser)
    clock.forward(minutes=31)
    browser.post("/lock", {"password": PASSWORD})
    browser.post("/sign-out")
    kinds = ["sign_in_failed", "sign_in", "unlock", "sign_out"]
    assert told() == [(kind, name) for kind in kinds]


def test_a_lockout_is_written_down_once(officer):
    fail(officer.username, 9)
    kinds = [kind for kind, _ in told()]
    assert (kinds.count("sign_in_failed"), kinds.count("locked_out")) == (4, 1)


def test_an_address_is_forgotten_after_30_days_and_the_entry_stays(officer, clock):
    try_to_sign_in(officer.username, PASSWORD)
    assert AuditAddress.objects.get().address == HALL_ADDRESS
    clock.forward(days=29)
    assert audit.forget_addresses() == 0
    clock.forward(days=2)
    assert audit.forget_addresses() == 1
    assert AuditEntry.objects.count() == 1


def test_a_manager_without_a_phone_is_helped_by_a_command(strict, capsys):
    set_up(strict)
    call_command("forget_second_factor", strict.manager.username)
    assert not second_factor.is_set_up(strict.manager)
    with pytest.raises(CommandError, match="nobody called"):
        call_command("forget_second_factor", "nobody-here")
