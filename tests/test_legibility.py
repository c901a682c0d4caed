"""How large a lobby screen must write for its last seat, and whether that fits."""

import pytest

from queueing.legibility import COMFORTABLE, FOOT, NUMBER, ROW, Room, layout

UPRIGHT = 9 / 16


@pytest.mark.parametrize(("diagonal", "share", "rows"), [(43, 23, 3), (55, 18, 5), (65, 15, 6)])
def test_at_ten_metres_the_number_is_of_122_mm(diagonal, share, rows):
    plan = layout(Room(diagonal, 10))
    assert (round(plan.number), round(plan.number_share), plan.rows) == (122, share, rows)
    assert (round(plan.row), round(plan.foot)) == (50, 25)
    assert plan.fits


@pytest.mark.parametrize("ratio", [16 / 9, 4 / 3, 1.0, UPRIGHT])
@pytest.mark.parametrize("diagonal", [10, 24, 32, 43, 55, 65, 86, 98])
@pytest.mark.parametrize("farthest", [1, 2.5, 4, 7, 10, 15, 25])
@pytest.mark.parametrize("one_counter", [False, True])
def test_what_fits_is_never_smaller_than_the_rule(diagonal, farthest, ratio, one_counter):
    plan = layout(Room(diagonal, farthest, ratio), one_counter=one_counter)
    nearly = 0.999
    rule = [NUMBER * farthest, ROW * farthest, FOOT * farthest]
    reached = [plan.number, plan.row, plan.foot]
    assert plan.fits == all(
        size >= least * nearly for size, least in zip(reached, rule, strict=True)
    )
    assert 3 <= plan.rows <= 6
    assert min(plan.chips, plan.tiles) >= 1


@pytest.mark.parametrize("ratio", [16 / 9, UPRIGHT])
@pytest.mark.parametrize("diagonal", [24, 32, 43])
def test_a_screen_that_is_too_small_is_told_what_would_fit(diagonal, ratio):
    plan = layout(Room(diagonal, 12, ratio))
    assert not plan.fits
    assert layout(Room(diagonal, plan.nearest, ratio)).fits
    assert not layout(Room(diagonal, plan.nearest + 0.2, ratio)).fits
    assert layout(Room(plan.needed, 12, ratio)).fits
    assert not layout(Room(plan.needed - 1, 12, ratio)).fits


def test_a_near_audience_reads_comfortably():
    plan = layout(Room(55, 5))
    assert plan.is_comfortable
    assert plan.row >= COMFORTABLE * 5
    assert not layout(Room(55, 10)).is_comfortable


def test_a_small_screen_above_a_counter_shows_one_number_large():
    assert layout(Room(10, 3), one_counter=True).fits
    assert not layout(Room(10, 3)).fits


def test_pictures_have_a_place_only_where_rows_are_left():
    assert [layout(Room(size, 10)).has_media for size in (43, 55, 65)] == [False, True, True]
