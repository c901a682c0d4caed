"""Is every call said right? Judged by a speller that is not ours (num2words), and by the rules."""

import re
import string

import pytest
from num2words import num2words

from voice.languages import ENGLISH, INDONESIAN, LANGUAGES, MINANGKABAU
from voice.words import PAUSES, Call, grammar, sequence, vocabulary, whole_number

pytestmark = pytest.mark.long

SPOKEN = [INDONESIAN, ENGLISH]
ID_LETTERS = "a be ce de e ef ge ha i je ka el em en o pe ki er es te u fe we eks ye zet"


def said(call: Call, language=INDONESIAN, **how) -> str:
    """Return what one would hear, with the pauses as they are written."""
    texts = {**vocabulary(language, [call.agency] if call.agency else []), **{p: p for p in PAUSES}}
    heard = " ".join(texts[name] for name in sequence(call, language, **how))
    return re.sub(r" ([,.])", r"\1", heard)


def judged(number: int, language: str) -> list[str]:
    """Return the words of a number by the other speller; "and" and commas are a matter of taste."""
    text = num2words(number, lang=language).replace("-", " ").replace(",", "")
    return [word for word in text.split() if word != "and"]


# --- Sentences ----------------------------------------------------------------------------------


def test_a_call_in_indonesian():
    call = Call("A-012", 3)
    assert said(call) == "Nomor antrean, a, nol satu dua. Silakan menuju ke loket tiga"


def test_a_call_with_its_agency():
    call = Call("A-012", 3, agency="Disdukcapil")
    assert said(call) == (
        "Nomor antrean, a, nol satu dua. Disdukcapil. Silakan menuju ke loket tiga"
    )


def test_a_call_in_english():
    call = Call("A-012", 3)
    assert said(call, ENGLISH) == ("Queue number, A, zero one two. Please proceed to counter three")


def test_a_call_in_minangkabau_which_nobody_has_confirmed():
    call = Call("A-012", 3)
    assert said(call, MINANGKABAU) == "Nomor antrean, a, nol satu duo. Silakan ka loket tigo"
    assert [language.code for language in LANGUAGES.values() if not language.confirmed] == ["min"]


@pytest.mark.parametrize(
    ("calls", "begins"),
    [(1, "Nomor"), (2, "Panggilan kedua."), (3, "Panggilan ketiga."), (4, "Panggilan ulang.")],
)
def test_a_recall_begins_by_saying_so(calls, begins):
    assert said(Call("A-012", 3, calls=calls)).startswith(f"{begins} ")


def test_when_many_wait_only_number_and_counter_are_said():
    call = Call("A-012", 3, calls=2, agency="Disdukcapil")
    assert said(call, is_brief=True) == "a, nol satu dua. Loket tiga"
    assert said(call, ENGLISH, is_brief=True) == "A, zero one two. Counter three"


def test_a_queue_of_two_letters_says_both():
    assert said(Call("AB-1000", 27)).startswith("Nomor antrean, a be, satu nol nol nol.")


# --- Numbers ------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", SPOKEN, ids=lambda each: each.code)
def test_every_number_to_9999_is_the_other_spellers(language):
    wrong = [
        number
        for number in range(1, 10_000)
        if whole_number(number, language) != judged(number, language.code)
    ]
    assert wrong == []


@pytest.mark.parametrize("language", SPOKEN, ids=lambda each: each.code)
def test_every_ticket_to_9999_says_its_digits_as_printed(language):
    digits = [judged(digit, language.code)[0] for digit in range(10)]
    for number in range(1, 10_000):
        label = f"A-{number:03d}"
        words = sequence(Call(label, 1), language)[4 : 4 + len(label) - 2]
        assert words == [digits[int(digit)] for digit in label[2:]]


@pytest.mark.parametrize("language", SPOKEN, ids=lambda each: each.code)
def test_every_ticket_to_9999_may_be_said_as_a_whole_number(language):
    for number in range(1, 10_000):
        heard = sequence(Call(f"A-{number:03d}", 1), language, is_whole=True)
        assert heard[4 : heard.index(".")] == judged(number, language.code)


def test_a_number_that_is_longer_than_we_count_is_said_digit_by_digit():
    heard = sequence(Call("A-10000", 1), INDONESIAN, is_whole=True)
    assert heard[4:9] == ["satu", "nol", "nol", "nol", "nol"]


@pytest.mark.parametrize("language", SPOKEN, ids=lambda each: each.code)
def test_every_counter_is_a_whole_number(language):
    for counter in range(1, 100):
        heard = sequence(Call("A-001", counter), language)
        assert heard[heard.index("go") + 1 :] == judged(counter, language.code)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (10, "sapuluah"),
        (11, "sabaleh"),
        (12, "duo baleh"),
        (20, "duo puluah"),
        (27, "duo puluah tujuah"),
    ],
)
def test_minangkabau_counts_as_it_was_written_down(number, words):
    assert whole_number(number, MINANGKABAU) == words.split()


# --- Letters and clips --------------------------------------------------------------------------


def test_every_letter_has_its_indonesian_name():
    texts = vocabulary(INDONESIAN, [])
    heard = [
        texts[sequence(Call(f"{letter}-001", 1), INDONESIAN)[2]]
        for letter in string.ascii_uppercase
    ]
    assert heard == ID_LETTERS.split()


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=lambda each: each.code)
def test_there_is_a_clip_for_whatever_any_call_may_need(language):
    known = {*vocabulary(language, ["Disdukcapil"]), *PAUSES}
    letters = [f"{letter}-001" for letter in string.ascii_uppercase]
    for label in [*letters, *(f"A-{number:03d}" for number in range(1, 10_000))]:
        for how in ({}, {"is_whole": True}, {"is_brief": True}):
            for calls in (1, 2, 3, 4):
                call = Call(label, int(label[-2:]) or 1, calls, "Disdukcapil")
                assert known.issuperset(sequence(call, language, **how))


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=lambda each: each.code)
def test_no_clip_is_there_for_nothing(language):
    calls = [Call(f"A-{n:03d}", n % 99 + 1, n % 4 + 1) for n in range(1, 10_000)]
    calls += [Call(f"{letter}-001", 1) for letter in string.ascii_uppercase]
    needed = {"chime", "test"}  # a test of the screens says that it is one
    for call in calls:
        needed.update(sequence(call, language), sequence(call, language, is_whole=True))
    needed.update(sequence(calls[0], language, is_brief=True))
    assert set(vocabulary(language, [])) == needed - set(PAUSES)


def test_a_screen_gets_tables_of_the_same_words():
    tables = grammar(INDONESIAN)
    assert tables["below_hundred"][27] == ["dua", "puluh", "tujuh"]
    assert tables["hundreds"][1:3] == [["seratus"], ["dua", "ratus"]]
    assert tables["thousands"][1:3] == [["seribu"], ["dua", "ribu"]]
