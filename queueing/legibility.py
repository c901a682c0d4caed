"""How large must a lobby screen write, so that the last seat can read it, and does that fit?

All heights are those of a capital letter, in millimetres for each metre to the farthest seat: so
only the quotient of screen and distance counts, and the stylesheet knows one unit, `--d`.
"""

import math
from dataclasses import dataclass

INCH = 25.4
CAPITAL = 0.688  # of the size of a letter; the least of the fonts that screens have

NUMBER = 12.2  # the called number: 0.7 degrees
ROW = 5.0
COMFORTABLE = 8.3
FOOT = 2.5
FEWEST, MOST = 3, 6  # rows of numbers that were called
NUMBER_LETTERS = 2.65  # the width of "A-012" in sizes of its bold letter

# What stands above each other, in the same unit; static/display.css draws these.
LINE = 5.0  # one line of the foot's letters, with air
HEAD = TICKER = STRIP = LINE
GAPS = 3.0
ROWS_HEAD = 4.0
ROW_PITCH = 8.2
HERO = 29.9
TALL_STRIP = 9.0
HERO_WIDTH = NUMBER / CAPITAL * NUMBER_LETTERS + 4
ROWS_WIDTH = 36.0
AGENCY_WIDTH = 24.0
SIDES = 5.5
CHIP_WIDTH = 39.5  # of a queue, with the longest short name that is usual
TILE_WIDTH = 29.5  # of a counter, in one line
TITLE_WIDTH = 18.5
TALL_TILE_WIDTH = 19.0
MOST_TILES = 8


@dataclass(frozen=True)
class Room:
    """A screen and its farthest seat: inches, metres, and how wide it is for its height."""

    diagonal: float
    farthest: float
    ratio: float = 16 / 9

    @property
    def height(self) -> float:
        return self.diagonal * INCH / math.hypot(1, self.ratio)

    @property
    def is_upright(self) -> bool:
        return self.ratio < 1

    def share(self, millimetres: float) -> float:
        """Return how much of the height of the screen something takes, in percent."""
        return millimetres / self.height * 100


@dataclass(frozen=True)
class Layout:
    """What a screen shows: `unit` is how many millimetres a metre's letters grow by.

    `per_height` units make the height of the screen. `scale` says how much larger than needed
    everything is drawn, because there is room.
    """

    room: Room
    per_height: float
    rows: int
    chips: int  # queues beside each other
    tiles: int  # counters beside each other
    is_roomy: bool  # a row of numbers also has a place for the name of the agency
    is_tall: bool  # counters have two lines, and the strips a title
    fits: bool
    nearest: float  # so far away may the farthest seat be
    needed: float  # so large would the diagonal have to be

    @property
    def unit(self) -> float:
        return self.room.height / self.per_height

    @property
    def number(self) -> float:
        return NUMBER * self.unit

    @property
    def row(self) -> float:
        return ROW * self.unit

    @property
    def foot(self) -> float:
        return FOOT * self.unit

    @property
    def number_share(self) -> float:
        return self.room.share(self.number)

    @property
    def has_media(self) -> bool:
        """Whether pictures have a place beside the calls: where two rows more than needed fit."""
        return self.rows >= FEWEST + 2

    @property
    def is_comfortable(self) -> bool:
        return self.row >= COMFORTABLE * self.room.farthest


def layout(room: Room, *, one_counter: bool = False) -> Layout:
    """Return how the screen is divided; one that is too small is drawn as well as it can be."""
    least, most = limits(room.ratio, one_counter=one_counter)
    there = room.height / room.farthest
    per_height = min(max(there, least), most)
    is_tall = rows_of(per_height - (TALL_STRIP - STRIP), room.ratio) == MOST
    width = per_height * room.ratio - SIDES - (TITLE_WIDTH if is_tall else 0)
    return Layout(
        room=room,
        per_height=round(per_height, 3),
        rows=rows_of(per_height, room.ratio),
        chips=max(1, int(width / CHIP_WIDTH)),
        tiles=min(MOST_TILES, int(width / (TALL_TILE_WIDTH if is_tall else TILE_WIDTH)) or 1),
        is_roomy=is_roomy(per_height, room.ratio),
        is_tall=is_tall,
        fits=there >= least,
        nearest=math.floor(room.height / least * 10) / 10,
        needed=math.ceil(room.diagonal * least / there),
    )


def limits(ratio: float, *, one_counter: bool = False) -> tuple[float, float]:
    """Return how many units a screen needs from top to bottom, and how many it has a use for."""
    if one_counter:
        least = max(HEAD + GAPS + HERO, (HERO_WIDTH + 2) / ratio)
        return least, least
    wide = (HERO_WIDTH + SIDES + (0 if ratio < 1 else ROWS_WIDTH)) / ratio
    above = above_and_below(ratio)
    hero = HERO if ratio >= 1 else 0
    least = max(wide, above + max(hero, ROWS_HEAD + FEWEST * ROW_PITCH))
    return least, max(least, above + TALL_STRIP - STRIP + ROWS_HEAD + (MOST + 0.1) * ROW_PITCH)


def above_and_below(ratio: float) -> float:
    """Return what the rows of numbers cannot have: head, strips and foot; upright also the hero."""
    flat = HEAD + 2 * STRIP + TICKER + GAPS
    return flat if ratio >= 1 else flat + HERO + LINE + STRIP + GAPS


def rows_of(per_height: float, ratio: float) -> int:
    left = per_height - above_and_below(ratio) - ROWS_HEAD
    return max(FEWEST, min(MOST, math.floor(left / ROW_PITCH)))


def is_roomy(per_height: float, ratio: float) -> bool:
    """Whether a row of numbers also has a place for the name of the agency."""
    width = per_height * ratio
    beside = 0 if ratio < 1 else HERO_WIDTH
    return width - SIDES - beside >= ROWS_WIDTH + AGENCY_WIDTH
