"""In which languages does the hall speak, and what are their words?

A language is a set of clips, each with the text to say, and three tables that put numbers together
from them. Minangkabau waits for a native speaker: it is off, and marked as unconfirmed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
CHIME = "chime"
Words = list[str]


@dataclass(frozen=True)
class Language:
    code: str
    name: str | Promise
    confirmed: bool  # by somebody whose mother tongue it is
    phrases: Mapping[str, str]  # clip -> text; the same clips in every language
    letters: Mapping[str, str]  # letter -> how it is said
    below_hundred: Callable[[int], Words]
    hundreds: Callable[[int], Words]
    thousands: Callable[[int], Words]

    def numbers(self) -> dict[str, list[Words]]:
        """Return the words of 0-99, of the hundreds and of the thousands, by their figure."""
        return {
            "below_hundred": [self.below_hundred(number) for number in range(100)],
            "hundreds": [self.hundreds(figure) if figure else [] for figure in range(10)],
            "thousands": [self.thousands(figure) if figure else [] for figure in range(10)],
        }

    def chosen(self, indonesian: str, english: str) -> str:
        """Return the English name in English, where there is one."""
        return (self.code == "en" and english) or indonesian

    def clips(self) -> dict[str, str]:
        """Return every clip that any call may need, agencies aside, with the text to say."""
        tables = self.numbers().values()
        words = {word: word for table in tables for number in table for word in number}
        letters = {f"letter-{letter.lower()}": said for letter, said in self.letters.items()}
        return {**self.phrases, **letters, **words}


# --- Indonesian ---------------------------------------------------------------------------------

_ID_DIGITS = "nol satu dua tiga empat lima enam tujuh delapan sembilan"
_ID_LETTER_NAMES = "a be ce de e ef ge ha i je ka el em en o pe ki er es te u fe we eks ye zet"
_ID, _ID_LETTERS = _ID_DIGITS.split(), _ID_LETTER_NAMES.split()


def _id_below_hundred(number: int) -> Words:
    tens, ones = divmod(number, 10)
    if number < 10:  # noqa: PLR2004 - a figure
        return [_ID[number]]
    if tens == 1:
        return [["sepuluh"], ["sebelas"]][ones] if ones < 2 else [_ID[ones], "belas"]  # noqa: PLR2004
    return [_ID[tens], "puluh", *([_ID[ones]] if ones else [])]


INDONESIAN = Language(
    code="id",
    name=_("Bahasa Indonesia"),
    confirmed=True,
    phrases={
        "number": "Nomor antrean",
        "go": "Silakan menuju ke loket",
        "counter": "Loket",
        "second": "Panggilan kedua",
        "third": "Panggilan ketiga",
        "again": "Panggilan ulang",
        "test": "Uji suara, ini bukan panggilan",
    },
    letters=dict(zip(ALPHABET, _ID_LETTERS, strict=True)),
    below_hundred=_id_below_hundred,
    hundreds=lambda figure: ["seratus"] if figure == 1 else [_ID[figure], "ratus"],
    thousands=lambda figure: ["seribu"] if figure == 1 else [_ID[figure], "ribu"],
)

# --- English ------------------------------------------------------------------------------------

_EN_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
    " fifteen sixteen seventeen eighteen nineteen"
)
_EN_TENS_WORDS = "twenty thirty forty fifty sixty seventy eighty ninety"
_EN, _EN_TENS = _EN_WORDS.split(), _EN_TENS_WORDS.split()


def _en_below_hundred(number: int) -> Words:
    if number < len(_EN):
        return [_EN[number]]
    tens, ones = divmod(number, 10)
    return [_EN_TENS[tens - 2], *([_EN[ones]] if ones else [])]


ENGLISH = Language(
    code="en",
    name=_("Bahasa Inggris"),
    confirmed=True,
    phrases={
        "number": "Queue number",
        "go": "Please proceed to counter",
        "counter": "Counter",
        "second": "Second call",
        "third": "Third call",
        "again": "Called again",
        "test": "Sound test, this is not a call",
    },
    letters={letter: letter for letter in ALPHABET},
    below_hundred=_en_below_hundred,
    hundreds=lambda figure: [_EN[figure], "hundred"],
    thousands=lambda figure: [_EN[figure], "thousand"],
)

# --- Minangkabau: no native speaker has confirmed it yet ----------------------------------------

_MIN_DIGITS = "nol satu duo tigo ampek limo anam tujuah salapan sambilan"
_MIN = _MIN_DIGITS.split()


def _min_below_hundred(number: int) -> Words:
    tens, ones = divmod(number, 10)
    if number < 10:  # noqa: PLR2004 - a figure
        return [_MIN[number]]
    if tens == 1:
        return [["sapuluah"], ["sabaleh"]][ones] if ones < 2 else [_MIN[ones], "baleh"]  # noqa: PLR2004
    return [_MIN[tens], "puluah", *([_MIN[ones]] if ones else [])]


MINANGKABAU = Language(
    code="min",
    name=_("Bahasa Minangkabau"),
    confirmed=False,
    phrases={
        "number": "Nomor antrean",
        "go": "Silakan ka loket",
        "counter": "Loket",
        "second": "Panggilan kaduo",
        "third": "Panggilan katigo",
        "again": "Panggilan ulang",
        "test": "Uji suara, ini bukan panggilan",
    },
    letters=dict(zip(ALPHABET, _ID_LETTERS, strict=True)),
    below_hundred=_min_below_hundred,
    hundreds=lambda figure: ["saratuih"] if figure == 1 else [_MIN[figure], "ratuih"],
    thousands=lambda figure: ["saribu"] if figure == 1 else [_MIN[figure], "ribu"],
)

LANGUAGES = {each.code: each for each in (INDONESIAN, MINANGKABAU, ENGLISH)}
"""In the order in which a call is said in them."""
