"""The index of the regulation, against its own examples and an independent computation."""

from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey import ikm
from survey.questions import ELEMENTS, ORDERS, QUESTIONNAIRE, REGULATION

WORKED_EXAMPLE = ["333433434", "433434434", "332433333", "443444444", "333433424"]
SAMPLES = {10: 10, 15: 14, 20: 19, 50: 44, 100: 80, 150: 108, 300: 169, 500: 217, 1000: 278}
SAMPLES |= {1500: 306, 2000: 322, 3000: 341, 5000: 357, 10000: 370}
EXACT, ROUNDED, COARSE = (weight for weight, _ in ikm.WEIGHTS.values())


def sheet(scores: str) -> dict[str, int]:
    return dict(zip(QUESTIONNAIRE, map(int, scores), strict=True))


@pytest.fixture
def example() -> dict[str, ikm.Sums]:
    return ikm.sums(map(sheet, WORKED_EXAMPLE))


# --- The worked example -------------------------------------------------------------------------


def test_the_sums_and_means_of_the_worked_example(example):
    assert [each.total for each in example.values()] == [17, 16, 14, 20, 16, 17, 19, 15, 19]
    means = [str(ikm.rounded(each.nrr, 1)) for each in example.values()]
    assert means == ["3.4", "3.2", "2.8", "4.0", "3.2", "3.4", "3.8", "3.0", "3.8"]


def test_the_index_of_the_worked_example_is_exactly_85(example):
    assert ikm.ni(example) == Fraction(34, 10)
    value, grade = ikm.ikm(example)
    assert (str(value), grade.letter, str(grade.words)) == ("85.00", "B", "Baik")


@pytest.mark.parametrize(
    ("weight", "exactly", "printed"),
    [(ROUNDED, "84.915", "84.92"), (COARSE, "84.15", "84.15")],
)
def test_a_rounded_weight_gives_what_reports_in_the_field_print(example, weight, exactly, printed):
    assert ikm.ni(example, weight) * 25 == Fraction(exactly)
    assert str(ikm.ikm(example, weight).value) == printed


def test_the_time_is_what_to_improve_first(example):
    assert ikm.lowest(example) == ["waktu"]
    value, grade = ikm.graded(example["waktu"].nrr)
    assert (str(value), grade.letter) == ("70.00", "C")


def test_elements_that_are_equally_low_are_all_named():
    assert ikm.lowest(ikm.sums([sheet("323444442")])) == ["prosedur", "pengaduan"]


# --- The bands ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("exactly", "printed", "letter"),
    [
        ("25", "25.00", "D"),
        ("64.99", "64.99", "D"),
        ("64.994", "64.99", "D"),
        ("64.995", "65.00", "C"),
        ("65", "65.00", "C"),
        ("76.60", "76.60", "C"),
        ("76.6049", "76.60", "C"),
        ("76.605", "76.61", "B"),
        ("76.61", "76.61", "B"),
        ("88.30", "88.30", "B"),
        ("88.305", "88.31", "A"),
        ("88.31", "88.31", "A"),
        ("100", "100.00", "A"),
    ],
)
def test_a_value_is_rounded_first_and_graded_then(exactly, printed, letter):
    value, grade = ikm.graded(Fraction(exactly) / 25)
    assert (str(value), grade.letter) == (printed, letter)


@pytest.mark.parametrize(
    ("ni", "letter"),
    [("2.5996", "D"), ("2.60", "C"), ("3.064", "C"), ("3.0644", "B"), ("3.532", "B")],
)
def test_the_bands_of_the_mean_score_are_the_same(ni, letter):
    assert ikm.graded(Fraction(ni)).grade.letter == letter


@pytest.mark.parametrize(("weight", "highest"), [(EXACT, 100), (ROUNDED, 99.90), (COARSE, 99)])
def test_the_highest_index_of_each_weight(weight, highest):
    assert ikm.ikm(ikm.sums([sheet("444444444")]), weight).value == Decimal(str(highest))


# --- The sample ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("population", "needed"), SAMPLES.items())
def test_the_sample_is_that_of_the_published_table(population, needed):
    assert ikm.minimum_sample(population) == needed


def test_of_nobody_nobody_must_answer():
    assert ikm.minimum_sample(0) == 0


# --- The questions ------------------------------------------------------------------------------


def test_both_templates_ask_the_same_nine_and_differ_in_the_last_two():
    assert REGULATION[:7] == QUESTIONNAIRE[:7]
    assert QUESTIONNAIRE[7:] == ("sarana", "pengaduan")
    assert REGULATION[7:] == ("pengaduan", "sarana")
    assert all(set(order) == set(ELEMENTS) for order, _ in ORDERS.values())


def test_every_question_has_four_answers_from_1_to_4():
    assert [[worth for worth, _ in each.choices] for each in ELEMENTS.values()] == [
        [1, 2, 3, 4]
    ] * 9


# --- Against an independent computation ---------------------------------------------------------

score = st.integers(1, 4)
sheets = st.lists(st.lists(score, min_size=9, max_size=9), min_size=1, max_size=40)
weights = st.sampled_from([EXACT, ROUNDED, COARSE])


@given(sheets, weights)
@settings(max_examples=60, deadline=None)
def test_the_index_agrees_with_decimals_of_fifty_places(rows, weight):
    with localcontext() as context:
        context.prec = 50
        factor = Decimal(weight.numerator) / Decimal(weight.denominator)
        means = [Decimal(sum(column)) / len(rows) for column in zip(*rows, strict=True)]
        index = sum(mean * factor for mean in means) * 25
        expected = index.quantize(Decimal("1e-30")).quantize(Decimal("0.01"), ROUND_HALF_UP)
    elements = ikm.sums(dict(zip(QUESTIONNAIRE, row, strict=True)) for row in rows)
    assert ikm.ikm(elements, weight).value == expected


@given(sheets)
@settings(max_examples=40, deadline=None)
def test_the_index_lies_between_the_lowest_and_the_highest_element(rows):
    elements = ikm.sums(dict(zip(QUESTIONNAIRE, row, strict=True)) for row in rows)
    values = [ikm.graded(each.nrr).value for each in elements.values()]
    assert min(values) <= ikm.ikm(elements).value <= max(values)
    assert ikm.graded(elements[ikm.lowest(elements)[0]].nrr).value == min(values)


@given(st.integers(0, 10**6))
@settings(max_examples=100, deadline=None)
def test_more_visitors_never_need_a_smaller_sample(population):
    needed = ikm.minimum_sample(population)
    assert needed <= min(population, 384)
    assert needed <= ikm.minimum_sample(population + 1)
