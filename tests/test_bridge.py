"""The bridge between a kiosk and its printer: who may print, and what came of it."""

import http.client
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from bridge.door import LARGEST, Bridge
from bridge.printer import Printer
from bridge.wires import wire_to
from mpp.embedded import wait_until
from tests.receipt_printer import ReceiptPrinter

HALL = "http://hall.example:8000"
SLIP = b"\x1b@A-012\n\x1dVB\x00"


@pytest.fixture
def printer() -> Iterator[ReceiptPrinter]:
    with ReceiptPrinter() as printer:
        yield printer


@contextmanager
def a_bridge(printer: ReceiptPrinter, **options: Any) -> Iterator["Page"]:
    options = {"patience": 1.5, "settle": 0.3, **options}
    with Bridge(0, Printer(wire_to(printer.address), **options), [HALL]) as bridge:
        threading.Thread(target=bridge.serve_forever, args=(0.01,), daemon=True).start()
        yield Page(bridge.server_address[1])
        bridge.shutdown()


class Page:
    """What a page of the hall, or of somebody else, asks of the bridge."""

    def __init__(self, port: int) -> None:
        self.port = port

    def ask(
        self, method: str, path: str, body: bytes | None = None, **headers: str
    ) -> tuple[int, dict[str, str], Any]:
        wire = http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)
        told = {"Origin": HALL, **{name.replace("_", "-"): text for name, text in headers.items()}}
        wire.request(method, path, body, told)
        answer = wire.getresponse()
        text = answer.read()
        wire.close()
        return answer.status, dict(answer.getheaders()), json.loads(text) if text else None

    def print(self, job: str = "job-00001", data: bytes = SLIP) -> str:
        return self.ask("POST", f"/jobs/{job}", data)[2]["outcome"]

    @property
    def state(self) -> str:
        return self.ask("GET", "/status")[2]["state"]


@pytest.fixture
def page(printer: ReceiptPrinter) -> Iterator[Page]:
    with a_bridge(printer) as page:
        yield page


# --- What came of it ----------------------------------------------------------------------------


def test_a_slip_is_printed_as_it_was_sent(printer, page):
    assert page.print() == "printed"
    assert printer.slips == [SLIP]


def test_a_job_that_is_sent_again_is_answered_and_not_printed_again(printer, page):
    assert [page.print(), page.print(), page.print("job-00002")] == ["printed"] * 3
    assert len(printer.slips) == 2


def test_two_at_the_same_instant_are_one_slip(printer, page):
    told: list[str] = []
    threads = [threading.Thread(target=lambda: told.append(page.print())) for _ in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert told == ["printed"] * 4
    assert printer.slips == [SLIP]


@pytest.mark.parametrize(
    ("state", "outcome"),
    [("paper_out", "paper_out"), ("cover_open", "cover_open"), ("cutter", "unknown")],
)
def test_a_printer_that_cannot_print_is_sent_nothing_that_would_come_out_later(
    printer, page, state, outcome
):
    printer.state = state
    assert page.state == outcome
    assert page.print() == outcome
    assert printer.slips == []


def test_little_paper_prints_and_is_told(printer, page):
    printer.state = "paper_low"
    assert page.state == "paper_low"
    assert page.print() == "printed"


def test_paper_that_ends_in_the_middle_of_a_slip_is_told(printer, page):
    printer.runs_out_after = 5
    assert page.print() == "paper_out"


def test_a_plug_that_is_pulled_in_the_middle_is_told(printer, page):
    printer.vanishes_after = 5
    assert page.print() == "gone"
    assert page.state == "gone"


def test_a_printer_that_is_off_is_gone_and_found_again(printer, page):
    printer.switch_off()
    assert [page.print(), page.state] == ["gone", "gone"]
    printer.switch_on()
    assert [page.print("job-00002"), page.state] == ["printed", "ready"]


def test_a_printer_that_hangs_is_answered_for_within_seconds(printer, page):
    printer.state = "hangs"
    asked_at = time.monotonic()
    assert page.print() == "unknown"
    assert time.monotonic() - asked_at < 5
    assert printer.slips == []


@pytest.mark.slow
def test_whoever_waits_behind_a_slow_slip_is_told_to_ask_again(printer):
    with a_bridge(printer, patience=0.5, settle=2) as page:
        first = threading.Thread(target=page.print)
        first.start()
        assert wait_until(lambda: page.state == "busy", 5)
        status, _, told = page.ask("POST", "/jobs/job-00002", SLIP)
        assert (status, told) == (503, {"outcome": "busy"})
        first.join()
        assert page.print("job-00002") == "printed"


def test_a_printer_that_never_says_how_it_is_prints_all_the_same(printer):
    with a_bridge(printer, is_silent=True) as page:
        assert [page.state, page.print()] == ["ready", "printed"]


def test_a_printer_may_be_a_file(tmp_path):
    paper = tmp_path / "lp0"
    paper.touch()
    printer = Printer(wire_to(f"file:{paper}"), settle=0, is_silent=True)
    assert printer.print_once("job-00001", SLIP) == "printed"
    assert paper.read_bytes() == SLIP
    gone = Printer(wire_to(f"file:{tmp_path}/lp1"), is_silent=True)
    assert gone.print_once("job-00001", SLIP) == "gone"


@pytest.mark.parametrize("address", ["", "lp0", "tcp://", "file:lp0", "usb:04b8", "http://h:1"])
def test_an_address_that_is_no_printers_is_refused(address):
    with pytest.raises(ValueError, match="printer"):
        wire_to(address)


# --- Who may print ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Host": "evil.example:9109"},
        {"Origin": HALL + ".evil.example"},
    ],
)
def test_no_other_site_prints_or_learns_anything(printer, page, headers):
    for method, path, body in (("POST", "/jobs/job-00001", SLIP), ("GET", "/status", None)):
        status, told, text = page.ask(method, path, body, **headers)
        assert (status, text) == (403, {})
        assert "evil" not in str(told)
    assert printer.slips == []


def test_a_browser_is_told_that_the_hall_may_come_to_this_machine(page):
    wish = {"Access_Control_Request_Private_Network": "true"}
    status, told, _ = page.ask("OPTIONS", "/jobs/job-00001", **wish)
    assert status == 204
    assert told["Access-Control-Allow-Origin"] == HALL
    assert told["Access-Control-Allow-Private-Network"] == "true"
    assert "Content-Type" in told["Access-Control-Allow-Headers"]
    status, told, _ = page.ask("OPTIONS", "/jobs/x", Origin="http://evil.example", **wish)
    assert status == 403
    assert not [name for name in told if name.startswith("Access-Control-Allow")]


def test_an_answer_may_be_read_by_the_hall_alone(page):
    _, told, _ = page.ask("GET", "/status")
    assert (told["Access-Control-Allow-Origin"], told["Vary"]) == (HALL, "Origin")


@pytest.mark.parametrize(
    ("path", "body", "headers", "status"),
    [
        ("/jobs/job-00001", b"x" * (LARGEST + 1), {}, 413),
        ("/jobs/job-00001", None, {"Content_Length": "-1"}, 411),
        ("/jobs/short", SLIP, {}, 404),
        ("/jobs/../../etc/passwd", SLIP, {}, 404),
        ("/", SLIP, {}, 404),
    ],
)
def test_what_is_no_slip_is_refused(page, path, body, headers, status):
    assert page.ask("POST", path, body, **headers)[0] == status


# --- The program --------------------------------------------------------------------------------


def test_the_program_listens_on_this_machine_alone_and_needs_nothing_but_python(printer):
    command = [sys.executable, "-S", "-m", "bridge", "--printer", printer.address]
    command += ["--allow", HALL, "--port", "0", "--settle", "0.1"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as program:  # noqa: S603 - ours
        told = program.stderr.readline()
        assert told.startswith("listening on 127.0.0.1:")
        assert Page(int(told.rsplit(":", 1)[1])).print() == "printed"
        program.terminate()
    assert printer.slips == [SLIP]


@pytest.mark.parametrize("wrong", ["hall.example", "http://hall.example/kiosk", "*"])
def test_an_origin_that_is_none_stops_the_start(printer, wrong):
    command = [sys.executable, "-m", "bridge", "--printer", printer.address, "--allow", wrong]
    ended = subprocess.run(  # noqa: S603 - our own command
        command, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 2
    assert "is no origin" in ended.stderr
