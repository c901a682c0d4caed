"""The hall on paper: the rules of the day in plain Python, written from docs and not from the code.

`tests/test_machine.py` presses the same buttons here and in the real hall. A verb either changes
this page and its log, or raises `Refused` and changes nothing.
"""

import datetime as dt
from collections import Counter as Tally
from dataclasses import dataclass, field
from typing import Any

CREDIT = dt.timedelta(minutes=30)
UNDO_WITHIN = dt.timedelta(seconds=10)
BETWEEN_CALLS = dt.timedelta(seconds=30)
PATIENCE = {False: dt.timedelta(seconds=90), True: dt.timedelta(seconds=180)}
TICK = dt.timedelta(microseconds=1)
NEVER = dt.datetime.max.replace(tzinfo=dt.UTC)
ENDED = {"done", "no_show", "transferred"}
OVER = {"done", "transferred", "cancelled", "expired"}
AT_A_COUNTER = {"called", "serving"}
LAST_STATE = {
    "waiting": ("expire", "expired"),
    "on_hold": ("expire", "expired"),
    "called": ("no_show", "no_show"),
    "serving": ("finish", "done"),
}


class Refused(Exception):  # noqa: N818 - nothing is in error, the hall says no
    pass


def require(truth: Any) -> None:
    if not truth:
        raise Refused


def last_place(things: list[Any], thing: Any) -> int:
    return len(things) - 1 - things[::-1].index(thing)


@dataclass(eq=False)
class Slip:
    """One number on paper; `place` is its place in the order of all numbers ever written."""

    place: int
    queue: str
    number: int
    date: dt.date
    visit: int
    arrived: dt.datetime
    priority: bool
    effective: dt.datetime
    state: str = "waiting"
    counter: int | None = None
    calls: int = 0
    returns: int = 0
    called_at: dt.datetime | None = None
    started: bool = False
    ended_at: dt.datetime | None = None
    leg: "Slip | None" = None
    only_at: int | None = None  # the counter that the person was sent to
    returns_to: str = ""
    last_call_at: dt.datetime | None = None
    postponed: int = 0
    away_until: dt.datetime | None = None
    away_minutes: int = 0

    def __post_init__(self) -> None:
        self.first = self.effective  # where it stood before it ever came back

    @property
    def label(self) -> str:
        return f"{self.queue}-{self.number:03d}"

    @property
    def wishes(self) -> tuple[Any, ...]:
        return self.postponed, self.away_until, self.away_minutes

    @property
    def order(self) -> tuple[dt.datetime, int]:
        return self.effective, self.place


@dataclass
class PaperHall:
    serves: dict[int, tuple[str, ...]]
    moment: dt.datetime
    zone: dt.timezone
    status: dict[int, str] = field(default_factory=dict)
    slips: list[Slip] = field(default_factory=list)
    log: list[tuple[str, str, int | None]] = field(default_factory=list)
    numbers: Tally[tuple[str, dt.date]] = field(default_factory=Tally)
    came: dict[tuple[str, dt.date], dt.datetime] = field(default_factory=dict)
    closed: set[dt.date] = field(default_factory=set)
    latest: dt.date = dt.date.min

    def __post_init__(self) -> None:
        self.status = dict.fromkeys(self.serves, "open")
        self.weights = {counter: dict.fromkeys(own) for counter, own in self.serves.items()}
        self.calls: list[tuple[int, Slip]] = []  # without those that were undone
        self.down: set[str] = set()
        self.queue_status = dict.fromkeys(sorted(sum(self.serves.values(), ())), "open")
        self.visits = 0

    # --- What is so -----------------------------------------------------------------------------

    @property
    def today(self) -> dt.date:
        """The date on the wall; a day that has ended never comes back."""
        return max(self.moment.astimezone(self.zone).date(), self.latest)

    def shown_status(self, queue: str) -> str:
        is_paused = self.queue_status[queue] == "open" and queue in self.down
        return "paused" if is_paused else self.queue_status[queue]

    def at(self, counter: int) -> Slip | None:
        here = (s for s in self.slips if s.counter == counter and s.state in AT_A_COUNTER)
        return next(here, None)

    def line(self, *queues: str, date: dt.date | None = None) -> list[Slip]:
        day = date or self.today
        waiting = [s for s in self.slips if s.state == "waiting" and s.date == day]
        return sorted((s for s in waiting if s.queue in queues), key=lambda s: s.order)

    def is_of(self, slip: Slip, visit: int) -> bool:
        return slip.visit == visit and slip.state in AT_A_COUNTER

    def is_elsewhere(self, slip: Slip) -> bool:
        """Whether the person is at a counter with another number."""
        return any(self.is_of(s, slip.visit) for s in self.slips)

    def ahead_of(self, slip: Slip) -> int | None:
        """How many of the slip's own day are before it; None when it does not wait."""
        line = self.line(slip.queue, date=slip.date)
        return line.index(slip) if slip in line else None

    def current(self, counter: int, *states: str) -> Slip:
        slip = self.at(counter)
        require(slip and slip.state in states)
        return slip  # type: ignore[return-value]

    # --- Coming in ------------------------------------------------------------------------------

    def issue(self, queues: list[str], *, priority: bool) -> list[Slip]:
        require(all(self.shown_status(queue) == "open" for queue in queues))
        self.visits += 1
        return [
            self.write(q, self.visits, self.moment, self.latest_in(q), priority=priority)
            for q in queues
        ]

    def latest_in(self, queue: str) -> dt.datetime:
        """Now, or when somebody last came to this queue today, if the clock was set back since."""
        return max(self.moment, self.came.get((queue, self.today), self.moment))

    def write(
        self, queue: str, visit: int, arrived: dt.datetime, since: dt.datetime, *, priority: bool
    ) -> Slip:
        self.came[queue, self.today] = self.latest_in(queue)
        self.numbers[queue, self.today] += 1
        number = self.numbers[queue, self.today]
        effective = since - CREDIT if priority else since
        place = len(self.slips)
        slip = Slip(place, queue, number, self.today, visit, arrived, priority, effective)
        self.slips.append(slip)
        self.note("issue", slip)
        return slip

    def note(self, kind: str, slip: Slip) -> None:
        self.log.append((kind, slip.label, slip.counter))
        self.latest = max(self.latest, slip.date)

    # --- At a counter ---------------------------------------------------------------------------

    def call_next(self, counter: int, *, finish_current: bool) -> Slip | None:
        current = self.at(counter)
        require(not current or finish_current)
        require(self.status[counter] == "open")
        if current:
            if current.state == "called":
                self.start(counter)
            self.finish(counter)
        line = self.line(*self.weights[counter])
        line = [s for s in line if not self.is_elsewhere(s) and self.is_for(s, counter)]
        line = [s for s in line if not self.is_away(s)]
        slip = min(line, key=lambda s: (self.had(counter, s.queue), s.order), default=None)
        if slip:
            self.put(slip, counter)
        return slip

    def had(self, counter: int, queue: str) -> float:
        """How much of its share a queue had among the counter's last turns; 0 without weights."""
        weights = self.weights[counter]
        if not any(weights.values()):
            return 0
        turns = sum(weight or 1 for weight in weights.values()) - 1
        calls = [s.queue for at, s in self.calls if at == counter and s.date == self.today]
        last = calls[len(calls) - min(turns, len(calls)) :]
        return last.count(queue) / (weights[queue] or 1)

    def is_for(self, slip: Slip, counter: int) -> bool:
        """Whoever was sent to one counter waits for that one, while it is open."""
        return slip.only_at in (None, counter) or self.status[slip.only_at] != "open"

    def is_away(self, slip: Slip) -> bool:
        return slip.away_until is not None and slip.away_until > self.moment

    def call(self, counter: int, slip: Slip) -> Slip:
        require(not self.at(counter) and self.status[counter] == "open")
        require(slip.queue in self.weights[counter] and slip in self.line(slip.queue))
        require(not self.is_elsewhere(slip))
        return self.put(slip, counter)

    def put(self, slip: Slip, counter: int) -> Slip:
        slip.state, slip.counter, slip.calls = "called", counter, 1
        slip.called_at = slip.last_call_at = self.moment
        self.calls.append((counter, slip))
        self.note("call", slip)
        return slip

    def walk_in(self, counter: int, queue: str, *, priority: bool) -> Slip:
        """Who stands at the counter without a number is given one and served."""
        require(not self.at(counter) and self.status[counter] == "open")
        require(queue in self.weights[counter])
        slip = self.issue([queue], priority=priority)[0]
        self.put(slip, counter)
        return self.start(counter)

    def recall(self, counter: int) -> Slip:
        slip = self.current(counter, "called")
        require(slip.calls < 3)  # one call and two recalls
        require(slip.last_call_at and self.moment - slip.last_call_at >= BETWEEN_CALLS)
        slip.calls, slip.last_call_at = slip.calls + 1, self.moment
        self.note("recall", slip)
        return slip

    def start(self, counter: int) -> Slip:
        slip = self.current(counter, "called")
        slip.started = True
        return self.turn(slip, "start", "serving")

    def finish(self, counter: int) -> Slip:
        slip = self.turn(self.current(counter, "serving"), "finish", "done")
        if slip.returns_to and self.queue_status[slip.returns_to] != "closed":
            slip.leg = self.write_leg(slip, slip.returns_to)
        return slip

    def hold(self, counter: int) -> Slip:
        return self.turn(self.current(counter, "serving"), "hold", "on_hold")

    def no_show(self, counter: int, *, said_so: bool) -> Slip:
        slip = self.current(counter, "called")
        waited = slip.called_at and self.moment - slip.called_at
        require(said_so or (waited is not None and waited >= PATIENCE[slip.priority]))
        return self.turn(slip, "no_show", "no_show")

    def turn(self, slip: Slip, kind: str, state: str) -> Slip:
        slip.state, slip.ended_at = state, self.moment
        self.note(kind, slip)
        return slip

    def undo(self, counter: int) -> Slip:
        """Within 10 s the last finish, no-show or transfer is as if it had not been pressed."""
        ended = self.undoable(counter)
        require(ended)
        called = self.at(counter)
        require(not called or (called.state == "called" and called.calls == 1))
        require(not any(s is not called and self.is_of(s, ended.visit) for s in self.slips))
        if ended.leg and ended.leg.state == "cancelled":
            ended.leg = None  # given up meanwhile: there is nothing to withdraw
        require(ended.leg in (None, called) or ended.leg.state == "waiting")
        require(self.status[counter] == "open")
        if called:
            self.turn(called, "undo_call", "waiting")
            self.calls.pop(last_place(self.calls, (counter, called)))
            called.counter, called.calls, called.called_at = None, 0, None
        if ended.leg:
            self.turn(ended.leg, "cancel", "cancelled")
            ended.leg = None
        back = {"no_show": "called"}.get(ended.state, "serving")
        kind = {"done": "finish", "transferred": "transfer"}.get(ended.state, ended.state)
        return self.turn(ended, f"undo_{kind}", back)

    def undoable(self, counter: int) -> Slip | None:
        """What this counter ended last, unless that is ten seconds ago."""
        over = [s for s in self.slips if s.counter == counter and s.state in ENDED]
        over = [s for s in over if dt.timedelta() <= self.moment - s.ended_at < UNDO_WITHIN]
        ended = max(over, key=lambda s: (s.ended_at, s.last_call_at, s.place), default=None)
        return ended if ended and (ended.state != "transferred" or ended.started) else None

    def call_back(self, counter: int, slip: Slip) -> Slip:
        """Whoever is done, did not come or was set aside is called again at once."""
        require(not self.at(counter) and self.status[counter] == "open")
        require(slip.queue in self.weights[counter] and slip.date == self.today)
        require(slip.state in {"done", "no_show", "on_hold"} and not self.is_elsewhere(slip))
        self.put_back(slip, "reopen")
        return self.put(slip, counter)

    # --- Away from the counter ------------------------------------------------------------------

    def require_in(self, slip: Slip, *states: str) -> None:
        require(slip.state in states and slip.date == self.today)

    def resume(self, slip: Slip) -> Slip:
        self.require_in(slip, "on_hold")
        return self.put_back(slip, "resume")

    def reinstate(self, slip: Slip) -> Slip:
        """Back behind the next three, at most twice."""
        self.require_in(slip, "no_show")
        require(slip.returns < 2)
        ahead = self.line(slip.queue)[:3]
        slip.effective = ahead[-1].effective + TICK if ahead else self.moment
        slip.returns += 1
        return self.put_back(slip, "reinstate")

    def put_back(self, slip: Slip, kind: str) -> Slip:
        slip.counter, slip.calls, slip.away_until = None, 0, None
        return self.turn(slip, kind, "waiting")

    def postpone(self, slip: Slip) -> Slip:
        """Behind the next three, at most twice; somebody must be behind."""
        self.require_in(slip, "waiting")
        behind = [s for s in self.line(slip.queue) if s.order > slip.order][:3]
        require(slip.postponed < 2 and behind)
        slip.effective = behind[-1].effective + TICK
        slip.postponed += 1
        self.note("postpone", slip)
        return slip

    def step_away(self, slip: Slip, minutes: int) -> Slip:
        """Passed by for so long, from now or from the end of the last absence; 60 min in all."""
        self.require_in(slip, "waiting")
        require(slip.away_minutes + minutes <= 60)
        begin = max(self.moment, slip.away_until or self.moment)
        slip.away_until = begin + dt.timedelta(minutes=minutes)
        slip.away_minutes += minutes
        self.note("step_away", slip)
        return slip

    def be_back(self, slip: Slip) -> Slip:
        self.require_in(slip, "waiting")
        if self.is_away(slip):
            unused = int((slip.away_until - self.moment).total_seconds() // 60)
            slip.away_minutes = max(0, slip.away_minutes - unused)
            slip.away_until = None
            self.note("be_back", slip)
        return slip

    def cancel(self, slip: Slip) -> Slip:
        self.require_in(slip, "waiting", "called")
        return self.turn(slip, "cancel", "cancelled")

    def prioritise(self, slip: Slip, *, priority: bool) -> Slip:
        """A group's half hour is given or taken back; who came back late keeps that place."""
        self.require_in(slip, "waiting")
        if slip.priority == priority:
            return slip
        if not slip.returns:
            slip.effective += -CREDIT if priority else CREDIT
        slip.priority = priority
        self.note("prioritise", slip)
        return slip

    def transfer(
        self,
        slip: Slip,
        queue: str,
        *sources: str,
        only_at: int | None = None,
        front: bool = False,
        comes_back: bool = False,
    ) -> Slip:
        """The leg elsewhere keeps the time at which the person came, or goes to the front."""
        require(only_at is None or queue in self.weights[only_at])
        if queue == slip.queue:
            require(only_at and only_at != slip.counter)
            return self.pass_on(slip, only_at, front=front)
        self.require_in(slip, *(sources or ("serving",)))
        require(queue != slip.queue and self.queue_status[queue] != "closed")
        self.turn(slip, "transfer", "transferred")
        before = self.front_of(queue) if front else NEVER
        slip.leg = leg = self.write_leg(slip, queue)
        leg.effective = leg.first = min(leg.effective, before)
        leg.only_at, leg.returns_to = only_at, slip.queue if comes_back else ""
        return leg

    def write_leg(self, slip: Slip, queue: str) -> Slip:
        return self.write(queue, slip.visit, slip.arrived, slip.arrived, priority=slip.priority)

    def front_of(self, queue: str) -> dt.datetime:
        line = self.line(queue)
        return line[0].effective - TICK if line else NEVER

    def pass_on(self, slip: Slip, counter: int, *, front: bool) -> Slip:
        """To another counter of the same queue: the number stays, and so does its place."""
        self.require_in(slip, "called", "serving")
        if front:
            slip.effective = min(slip.effective, self.front_of(slip.queue))
        slip.only_at = counter
        return self.put_back(slip, "pass_on")

    def add_service(self, slip: Slip, queue: str, *, is_new: bool = True) -> Slip:
        """A second errand of somebody who is here: in this queue at once, else a further number."""
        self.require_in(slip, "called", "serving")
        if queue == slip.queue:
            require(is_new)
            self.note("add_service", slip)
            return slip
        require(self.queue_status[queue] != "closed")
        here = {"waiting", "called", "serving", "on_hold"}
        mine = (s for s in self.slips if s.visit == slip.visit and s.state in here)
        require(queue not in {s.queue for s in mine})
        return self.write_leg(slip, queue)

    def change_service(self, slip: Slip, queue: str) -> Slip:
        sources = ("waiting", "called", "serving")
        if queue != slip.queue:
            return self.transfer(slip, queue, *sources)
        self.require_in(slip, *sources)
        self.note("change_service", slip)
        return slip

    # --- The counters and the day ---------------------------------------------------------------

    def set_status(self, counter: int, verb: str, status: str) -> None:
        if self.status[counter] == status:
            return
        require(status == "open" or not self.at(counter))
        self.status[counter] = status
        self.say(verb, counter)

    def say(self, verb: str, counter: int | None = None) -> None:
        """Note what happened to a counter or a queue, and to no number."""
        self.log.append((verb, "", counter))
        self.latest = max(self.latest, self.today)

    def begin_incident(self, queue: str) -> None:
        if queue not in self.down:
            self.down.add(queue)
            self.say("incident")

    def clear_incident(self, queue: str) -> None:
        if queue in self.down:
            self.down.remove(queue)
            self.say("clear")

    def assign(self, counter: int, queues: list[str], weights: dict[str, int]) -> None:
        """What a counter serves from now on; whom it was sent for another queue, all may call."""
        require(queues and set(weights) <= set(queues))
        wanted = {queue: weights.get(queue) for queue in queues}
        if wanted == self.weights[counter]:
            return
        for slip in self.slips:
            if slip.only_at == counter and slip.queue not in wanted and slip.state not in OVER:
                slip.only_at = None
        self.weights[counter] = wanted
        self.say("assign", counter)

    def close_day(self, date: dt.date) -> int | None:
        require(date < self.today)
        if date in self.closed:
            return None
        self.closed.add(date)
        left = [slip for slip in self.slips if slip.date == date and slip.state in LAST_STATE]
        ended = [self.turn(slip, *LAST_STATE[slip.state]) for slip in left]
        return sum(slip.state == "expired" for slip in ended)
