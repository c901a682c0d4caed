"""Kiosks, officers and screens that go on and on until they are told to stop."""

import random
import threading
import time
from typing import Any, Self

from mpp.embedded import wait_until
from tests.faults.history import Call, Client, History
from tests.faults.screen import Screen
from tests.running import RunningHall

MOST_PRESSES = 4000  # of each client: a load that nobody stops ends by itself
COUNTERS = (1, 6, 2, 10, 7, 14)  # of four agencies
OFFICER = ["call-next"] * 6 + ["start", "start", "finish", "hold"]


class Load:
    """So many kiosks, officers and screens of a hall; with one seed they want the same things.

    with Load(hall, history, seed) as load:
        load.run_for(50)  # presses answered
    judge(hall.evidence(history.calls, load.frames()))
    """

    def __init__(
        self,
        hall: RunningHall,
        history: History,
        seed: int,
        *,
        kiosks: int = 4,
        officers: int = 4,
        screens: int = 2,
        pause: float = 0.02,
    ) -> None:
        self.hall, self.history, self.seed, self.pause = hall, history, seed, pause
        self.over = threading.Event()
        self.services = [f"{queue['code']}01" for queue in hall.board()["queues"]][:6]
        self.screens = [Screen(hall.socket_url) for _ in range(screens)]
        works = [(self.kiosk, number) for number in range(kiosks)]
        works += [(self.officer, number) for number in COUNTERS[:officers]]
        self.threads = [threading.Thread(target=work, args=(number,)) for work, number in works]

    def __enter__(self) -> Self:
        for thread in (*self.screens, *self.threads):
            thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join()
        if error == (None, None, None) and self.screens:
            assert wait_until(self.all_screens_are_right, 15), "a screen is behind"
        for screen in self.screens:
            screen.stop()

    def all_screens_are_right(self) -> bool:
        version = self.hall.board()["version"]
        return all(screen.version() == version for screen in self.screens)

    def kiosk(self, number: int) -> None:
        chance = random.Random(f"{self.seed}-kiosk-{number}")
        kiosks = self.hall.demo["kiosks"]
        client = Client(self.hall, f"kiosk-{number}", kiosks[number % len(kiosks)]["key"])
        for _ in range(MOST_PRESSES):
            if self.over.wait(chance.uniform(0, 2 * self.pause)):
                break
            wanted = chance.sample(self.services, k=chance.choice([1, 1, 1, 2]))
            priority = "lansia" if chance.random() < 0.1 else None
            body: Any = {"services": wanted, "priority": priority}
            self.history.press(client, "visits", body)

    def officer(self, number: int) -> None:
        chance = random.Random(f"{self.seed}-officer-{number}")
        key = self.hall.demo["operators"][number - 1]["key"]
        client = Client(self.hall, f"officer-{number}", key)
        for _ in range(MOST_PRESSES):
            if self.over.wait(chance.uniform(0, 2 * self.pause)):
                break
            verb = chance.choice(OFFICER)
            body = {"finish_current": True} if verb == "call-next" else {}
            self.history.press(client, f"counters/{number}/{verb}", body)

    def screens_back_after(self, moment: float, seconds: float = 30) -> float:
        """Wait until every screen was sent something again; return how long that took."""
        came = [0.0] * len(self.screens)

        def all_have_heard() -> bool:
            for number, screen in enumerate(self.screens):
                came[number] = next((at for at in list(screen.times) if at > moment), 0.0)
            return all(came)

        assert wait_until(all_have_heard, seconds), "a screen hears nothing"
        return round(max(came) - moment, 2)

    # --- What came of it ------------------------------------------------------------------------

    def frames(self) -> list[list[dict[str, Any]]]:
        return [screen.frames for screen in self.screens]

    def longest_absence(self) -> float:
        return max(screen.longest_absence() for screen in self.screens)

    def longest_silence(self) -> float:
        return max(screen.longest_silence() for screen in self.screens)

    def run_for(self, presses: int, seconds: float = 60) -> None:
        """Wait until so many more presses were answered."""
        now = time.monotonic()
        enough = wait_until(lambda: len(self.history.answered(now)) >= presses, seconds)
        assert enough, f"{len(self.history.answered(now))} of {presses} were answered"

    def keep_on(self, seconds: float) -> None:
        """Let everybody press on for a while."""
        self.over.wait(seconds)

    def back_after(self, moment: float, seconds: float = 30) -> float:
        """Wait until every client was answered again; return how long after the moment that was."""

        def first_answers() -> dict[str, Call]:
            firsts: dict[str, Call] = {}
            for call in self.history.answered(moment):
                firsts.setdefault(call.who, call)
            return firsts

        all_are_back = wait_until(lambda: len(first_answers()) == len(self.threads), seconds)
        assert all_are_back, f"back are {sorted(first_answers())}"
        return round(max(call.ended for call in first_answers().values()) - moment, 2)
