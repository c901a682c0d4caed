"""The kiosk of the running hall: `pytest_plugins = ["tests.looking", "tests.at_the_kiosk"]`.

    def test_a_frequent_service_takes_two_touches(kiosk):
        kiosk.touch("service-A01")
        kiosk.touch("take-ticket")
        assert kiosk.label == "A-001"

What a person does there stands in `tests.kiosks`.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.kiosks import Kiosk, set_up
from tests.pages import UPRIGHT
from tests.running import RunningHall

# As the first kiosk of a hall is set up before anybody changes it.
USUAL = {
    "diagonal": 21.5,
    "reach": "normal",
    "locked": False,
    "printer": "none",
    "bridge": "",
    "printer_state": "",
    "sound": True,
}

# What the catalogue says of some services, changed after the page was parsed and before its modules
# run: {"A01": {"state": "quota", …}}.
OFFERS = """document.addEventListener("readystatechange", () => {
  const tag = document.getElementById("catalogue");
  if (document.readyState !== "interactive" || !tag) return;
  const [told, news] = [JSON.parse(tag.textContent), SET];
  const queues = told.agencies.flatMap(({ queues }) => queues);
  const services = queues.flatMap(({ services }) => services);
  for (const service of services) Object.assign(service, news[service.code]);
  tag.firstChild.data = JSON.stringify(told);
});"""


@pytest.fixture
def open_kiosk(look, hall: RunningHall) -> Iterator[Callable[..., Kiosk]]:
    """Open the kiosk as a paired device does, on a screen of 21.5 inches unless told otherwise."""

    def open_it(
        query: str = "",
        *,
        size: tuple[int, int] = UPRIGHT,
        prepare: Callable[[Page], Any] = lambda page: None,
        device: dict[str, Any] | None = None,
        offers: dict[str, Any] | None = None,
        **wishes: Any,
    ) -> Kiosk:
        def prepare_it(page: Page) -> None:
            if offers:
                page.add_init_script(OFFERS.replace("SET", json.dumps(offers)))
            prepare(page)

        if device:
            set_up(hall, device)
        pairing = f"?pair={hall.demo['kiosks'][0]['key']}"
        page = look(
            f"kiosk{query or pairing}", size=size, has_touch=True, prepare=prepare_it, **wishes
        )
        expect(page.locator("html[data-ready]")).to_have_count(1)
        expect(page.locator("[data-clock]")).not_to_be_empty()
        return Kiosk(hall, page)

    yield open_it
    set_up(hall, USUAL)


@pytest.fixture
def kiosk(open_kiosk: Callable[..., Kiosk]) -> Kiosk:
    return open_kiosk()


@pytest.fixture
def queue_f(hall: RunningHall) -> Iterator[Callable[[str], None]]:
    """Set the state of queue F; it is open again afterwards."""

    def become(status: str) -> None:
        hall.rows(f"UPDATE agencies_queue SET status = '{status}' WHERE code = 'F'")  # noqa: S608
        hall.rows("UPDATE agencies_hall SET version = version + 1")

    yield become
    become("open")


@pytest.fixture
def ordinary_hall(hall: RunningHall) -> Iterator[RunningHall]:
    """A hall that is no demo; it is one again afterwards."""
    hall.rows("UPDATE agencies_hall SET always_open = false")
    yield hall
    hall.rows("UPDATE agencies_hall SET always_open = true")
