"""Kiosks, officers and screens that ask again and again until they are told to stop."""

import random
import threading
import time
from typing import Any, Self

from mpp.embedded import wait_until
from tests.faults.history import Client, History
from tests.running import RunningHall

MOST_PRESSES = 4000  # of each client: a load that nobody stops ends by itself
COUNTERS = (1, 6, 2, 10, 7, 14)  # of four agencies
OFFICER = ["call-next"] * 6 + ["start", "start", "finish", "hold"]


class Load:
    """So many kiosks and officers of a hall; with one seed they want the same things.

    with Load(hall, history, seed) as load:
        load.run_for(50)  # numbers given
    """

    def __init__(
        self,
        hall: RunningHall,
        history: History,
        seed: int,
        *,
        kiosks: int = 4,
        officers: int = 4,
        pause: float = 0.02,
    ) -> None:
        self.hall, self.history, self.seed, self.pause = hall, history, seed, pause
        self.over = threading.Event()
        self.services = [f"{queue['code']}01" for queue in hall.board()["queues"]]
        works = [(self.kiosk, number) for number in range(kiosks)]
        works += [(self.officer, number) for number in COUNTERS[:officers]]
        self.threads = [threading.Thread(target=work, args=(number,)) for work, number in works]

    def __enter__(self) -> Self:
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join()

    def kiosk(self, number: int) -> None:
        chance = random.Random(f"{self.seed}-kiosk-{number}")
        kiosks = self.hall.demo["kiosks"]
        client = Client(self.hall, f"kiosk-{number}", kiosks[number % len(kiosks)]["key"])
        for _ in range(MOST_PRESSES):
            if self.over.wait(chance.uniform(0, 2 * self.pause)):
                break
            wanted = chance.sample(self.services[:6], k=chance.choice([1, 1, 1, 2]))
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

    def run_for(self, oks: int, seconds: float = 60) -> None:
        """Wait until so many more presses were answered."""
        now = time.monotonic()
        assert wait_until(lambda: len(self.history.after(now)) >= oks, seconds), "no answers"
