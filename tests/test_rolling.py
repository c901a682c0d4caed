"""How will the line move? Futures that can be worked out by hand, and laws that are known."""

import math

import numpy as np
import pytest

from queueing import rolling, times
from queueing.rolling import SAMPLES, Crowd, Person, Server
from queueing.times import Law

NOBODY = Crowd(absent=0.0)


def sure(minutes: float) -> rolling.Futures:
    return np.full(SAMPLES, float(minutes))


def a_server(*queues: int, free: float = 0, **rest) -> Server:
    return Server(queues or (1,), sure(free), **rest)


def in_line(*minutes: float, queue: int = 1) -> list[Person]:
    """People of one queue in their order, whose errands take so long."""
    return [
        Person(key, queue, place=key - 100, length=sure(length))
        for key, length in enumerate(minutes, 1)
    ]


def when(servers: list[Server], people: list[Person], crowd: Crowd = NOBODY) -> dict[int, float]:
    """When each one is called, where nothing is uncertain."""
    calls = rolling.roll(servers, people, crowd).calls
    assert all(np.ptp(call) == 0 for call in calls.values())
    return {key: float(call[0]) for key, call in calls.items()}


def test_at_one_counter_everybody_waits_for_those_before():
    assert when([a_server()], in_line(10, 5, 1)) == {1: 0, 2: 10.5, 3: 16}


def test_two_counters_share_the_line():
    assert when([a_server(), a_server(free=3)], in_line(10, 5, 1)) == {1: 0, 2: 3, 3: 8.5}


def test_a_counter_calls_only_its_own_queues():
    people = [*in_line(10), Person(2, 2, -50.0, sure(4)), Person(3, 2, -49.0, sure(1))]
    assert when([a_server(1), a_server(2)], people) == {1: 0, 2: 0, 3: 4.5}


def test_of_two_queues_whoever_came_first_is_called_first():
    people = [*in_line(10), Person(2, 2, -200.0, sure(4))]
    assert when([a_server(1, 2)], people) == {2: 0, 1: 4.5}


def test_nobody_is_called_without_a_counter():
    assert rolling.roll([a_server(1)], in_line(3, queue=2), NOBODY).calls == {}


def test_a_counter_rests_when_it_comes_to_be_free_after_the_time():
    servers = [a_server(rests=8, rest_minutes=45)]
    assert when(servers, in_line(5, 5, 5)) == {1: 0, 2: 5.5, 3: 56}


def test_a_counter_that_should_rest_now_rests_now():
    assert when([a_server(rests=-5, rest_minutes=45)], in_line(5)) == {1: 45}


def test_who_is_away_is_passed_by_and_called_on_return():
    away, *others = in_line(5, 5, 5)
    people = [Person(1, 1, away.place, away.length, after=sure(8)), *others]
    assert when([a_server()], people) == {2: 0, 3: 5.5, 1: 11}


def test_a_visit_is_never_called_in_two_places():
    people = [
        Person(1, 1, -9.0, sure(10), visit=7),
        Person(2, 2, -9.0, sure(5), visit=7),
        Person(3, 2, -8.0, sure(5)),
    ]
    assert when([a_server(1), a_server(2)], people) == {1: 0, 3: 0, 2: 10}


def test_errands_in_a_chosen_order_come_in_that_order():
    people = [
        Person(1, 1, -9.0, sure(10), visit=7, turn=2),
        Person(2, 2, -9.0, sure(5), visit=7, turn=1),
    ]
    assert when([a_server(1), a_server(2, free=3)], people) == {2: 3, 1: 8}


def test_who_does_not_come_costs_a_minute_and_a_half():
    crowd = Crowd(absent=1.0)
    assert when([a_server()], in_line(10, 10), crowd) == {1: 0, 2: 2}


def test_priority_that_is_not_here_yet_goes_before_whom_it_may_overtake():
    law = {1: Law(math.log(10), 0.01)}
    crowd = Crowd(priority_a_minute={1: 0.2}, absent=0.0, law=law)
    servers = [a_server(free=20)]
    old, new = Person(1, 1, -40.0, sure(5)), Person(1, 1, 0.0, sure(5))
    assert np.ptp(rolling.roll(servers, [old], crowd).calls[1]) == 0
    # In 20 minutes 4 come at that rate, and more while those are served.
    assert np.median(rolling.roll(servers, [new], crowd).calls[1]) > 20 + 4 * 10


def test_who_is_only_supposed_comes_last_and_keeps_nobody_waiting():
    people = [Person(-1, 1, 0.0, sure(9), is_supposed=True), *in_line(5)]
    people += [Person(-2, 2, 0.0, sure(9), is_supposed=True)]
    assert when([a_server(1, 2)], people) == {1: 0, -1: 5.5, -2: 5.5}


def test_the_same_seed_is_the_same_future():
    people = [Person(1, 1, 0.0, rolling.draws([1], Law(2, 0.5)))]
    people += [Person(2, 1, 1.0, rolling.draws([2], Law(2, 0.5)))]
    crowd = Crowd(priority_a_minute={1: 0.1}, law={1: Law(2, 0.5)})
    one, other = (rolling.roll([a_server()], people, crowd, 5).calls for _ in range(2))
    assert all(np.array_equal(one[key], other[key]) for key in one)


# --- Laws ---------------------------------------------------------------------------------------


def test_draws_have_the_mean_and_the_spread_of_their_law():
    law = times.supposed(10)
    drawn = np.concatenate([rolling.draws([seed], law) for seed in range(50)])
    assert law.mean == pytest.approx(6.0)
    assert drawn.mean() == pytest.approx(6.0, rel=0.02)
    assert drawn.std() / drawn.mean() == pytest.approx(0.7, rel=0.05)


def test_what_has_lasted_long_lasts_longer_still():
    law = times.supposed(10)
    fresh, half, late = (rolling.left([1], law, gone).mean() for gone in (0, 6, 20))
    assert fresh > half > 0
    assert late > half  # a lognormal time has a long tail


def test_what_is_left_agrees_with_drawing_until_it_lasts():
    law, gone = Law(math.log(8), 0.6), 10.0
    chance = np.random.default_rng(1)
    drawn = np.exp(law.log_mean + law.log_sd * chance.standard_normal(400_000))
    expected = drawn[drawn > gone] - gone
    own = rolling.left([1], law, gone)
    assert own.mean() == pytest.approx(expected.mean(), rel=0.03)
    for share in (0.2, 0.5, 0.8):
        assert np.quantile(own, share) == pytest.approx(np.quantile(expected, share), rel=0.05)


def test_a_time_beyond_all_experience_is_still_a_time():
    left = rolling.left([1], times.supposed(10), 600.0)
    assert np.isfinite(left).all()
    assert left.min() >= 0


def test_few_services_lean_on_the_target_and_many_on_the_log():
    target, seen = times.supposed(10), math.log(20)
    few, many = (times.learned(10, count, seen, 0.5) for count in (1, 1000))
    assert abs(few.log_mean - target.log_mean) < 0.2
    assert many.log_mean == pytest.approx(seen, abs=0.05)
    assert many.log_sd == pytest.approx(0.5, abs=0.01)


def test_several_services_take_the_sum_of_their_times():
    law = times.together([times.supposed(10), times.supposed(20)])
    assert law.mean == pytest.approx(18.0)
    assert law.log_sd < times.supposed(10).log_sd  # together they vary less


def test_a_mixture_has_the_mean_of_its_shares():
    law = times.mixed({times.supposed(10): 3, times.supposed(30): 1})
    assert law.mean == pytest.approx(0.75 * 6 + 0.25 * 18)
