"""How is a call said? As a list of clips and pauses, in each language.

    "Nomor antrean, A, nol satu dua. Disdukcapil. Silakan menuju ke loket tiga."
    number , letter-a , nol satu dua . agency-disdukcapil . go tiga

The screens compose the same list from the tables of `grammar` (static/voice/words.js); the tests
hold both against each other and against a speller that is not ours.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.text import slugify

from voice.languages import CHIME, Language

PAUSES = {",": 0.12, ".": 0.32}  # seconds
LAST_NUMBER = 9999
AGAIN = {2: "second", 3: "third"}


@dataclass(frozen=True)
class Call:
    label: str  # as printed: A-012
    counter: int
    calls: int = 1  # the first, second or third time
    agency: str = ""  # how it is spoken; empty: not at all


def grammar(language: Language) -> dict[str, Any]:
    """Return what a screen needs to know to say any call in this language."""
    return {**language.numbers(), "again": AGAIN, "pauses": PAUSES}


def agency_clip(spoken: str) -> str:
    """Return the clip of an agency: a new spoken form is a new clip, never an old recording."""
    return f"agency-{slugify(spoken)[:60]}"


def sequence(
    call: Call, language: Language, *, is_whole: bool = False, is_brief: bool = False
) -> list[str]:
    """Return the call in full, or only its number and counter when many wait to be said."""
    label = [*_letters(call.label), ",", *_figures(call.label, language, is_whole=is_whole)]
    counter = whole_number(call.counter, language)
    if is_brief:
        return _sentences([label, ["counter", *counter]])
    again = [AGAIN.get(call.calls, "again")] if call.calls > 1 else []
    agency = [agency_clip(call.agency)] if call.agency else []
    return _sentences([again, ["number", ",", *label], agency, ["go", *counter]])


def _sentences(sentences: Iterable[list[str]]) -> list[str]:
    spoken = [sentence for sentence in sentences if sentence]
    return [part for sentence in spoken for part in (*sentence, ".")][:-1]


def _letters(label: str) -> list[str]:
    return [f"letter-{letter.lower()}" for letter in label.split("-", maxsplit=1)[0]]


def _figures(label: str, language: Language, *, is_whole: bool) -> list[str]:
    digits = label.split("-")[1]
    if is_whole and int(digits) <= LAST_NUMBER:
        return whole_number(int(digits), language)
    return [word for digit in digits for word in language.below_hundred(int(digit))]


def whole_number(number: int, language: Language) -> list[str]:
    """Return the words of 0 to 9999."""
    thousands, hundreds, rest = number // 1000, number // 100 % 10, number % 100
    words = language.thousands(thousands) if thousands else []
    words += language.hundreds(hundreds) if hundreds else []
    return [*words, *(language.below_hundred(rest) if rest or not number else [])]


def vocabulary(language: Language, agencies: Iterable[str]) -> dict[str, str]:
    """Return every clip that a hall with these agencies needs, and the text of each."""
    names = {agency_clip(spoken): spoken for spoken in agencies}
    return {CHIME: "", **language.clips(), **names}
