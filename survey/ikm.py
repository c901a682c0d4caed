"""How satisfied are they? The index of PermenPANRB 14/2017, in exact fractions, never in floats.

Of each element the mean (NRR), weighed and summed, makes NI; times 25 it is the IKM. It is rounded
half up to two decimals first and graded then, because the published bands leave gaps between them.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from survey.questions import QUESTIONNAIRE

SCALE = 25
WEIGHTS = {
    "exact": (Fraction(1, len(QUESTIONNAIRE)), _("1/9, tepat")),
    "0.111": (Fraction(111, 1000), _("0,111, dibulatkan (paling tinggi 99,90)")),
    "0.11": (Fraction(11, 100), _("0,11, dibulatkan (paling tinggi 99,00)")),
}
"""By what each mean is weighed. Reports in the field round the ninth, and must say so."""
EXACT = WEIGHTS["exact"][0]


class Grade(NamedTuple):
    letter: str
    words: Promise


GRADES = (
    (Decimal("88.31"), Grade("A", _("Sangat baik"))),
    (Decimal("76.61"), Grade("B", _("Baik"))),
    (Decimal("65.00"), Grade("C", _("Kurang baik"))),
)
WORST = Grade("D", _("Tidak baik"))

CHI_SQUARE = Fraction(3841, 1000)  # of one degree of freedom, at 5 %
EVENLY_SPLIT = Fraction(1, 4)
ERROR = Fraction(5, 100)


class Value(NamedTuple):
    """A value on the scale of the index, as it is printed, with its grade."""

    value: Decimal
    grade: Grade


class Sums(NamedTuple):
    """What is known of an element: the sum of its scores and how many there are."""

    total: int
    answers: int

    @property
    def nrr(self) -> Fraction:
        """The mean score, from 1 to 4."""
        return Fraction(self.total, self.answers)


def sums(sheets: Iterable[Mapping[str, int]]) -> dict[str, Sums]:
    """Add up filled-in questionnaires; elements that nobody answered are left out."""
    totals: dict[str, Sums] = {}
    for sheet in sheets:
        for key, score in sheet.items():
            total, answers = totals.get(key, (0, 0))
            totals[key] = Sums(total + score, answers + 1)
    return totals


def weighed(element: Sums, weight: Fraction = EXACT) -> Fraction:
    """Return the weighed mean of one element."""
    return element.nrr * weight


def ni(elements: Mapping[str, Sums], weight: Fraction = EXACT) -> Fraction:
    """Return the index on the scale of the answers; needs all nine elements."""
    return sum((weighed(elements[key], weight) for key in QUESTIONNAIRE), Fraction(0))


def ikm(elements: Mapping[str, Sums], weight: Fraction = EXACT) -> Value:
    return graded(ni(elements, weight))


def graded(mean: Fraction) -> Value:
    """Return what a mean score is worth on the scale of the index; an element's or the NI."""
    value = rounded(mean * SCALE)
    return Value(value, grade_of(value))


def grade_of(value: Decimal) -> Grade:
    return next((grade for least, grade in GRADES if value >= least), WORST)


def lowest(elements: Mapping[str, Sums]) -> list[str]:
    """Return the elements with the smallest mean: what to improve first, more than one if equal."""
    least = min(each.nrr for each in elements.values())
    return [key for key in QUESTIONNAIRE if key in elements and elements[key].nrr == least]


def minimum_sample(population: int) -> int:
    """Return how many of so many visitors must answer (Krejcie and Morgan, 5 %)."""
    if population < 1:
        return 0
    asked = CHI_SQUARE * population * EVENLY_SPLIT
    needed = asked / (ERROR**2 * (population - 1) + CHI_SQUARE * EVENLY_SPLIT)
    return int(rounded(needed, 0))


def rounded(exact: Fraction, places: int = 2) -> Decimal:
    """Return a number of this many decimals, half up; the numbers here are never negative."""
    scaled = exact * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(whole).scaleb(-places)
