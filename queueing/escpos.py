"""How does a receipt printer get a slip? As ESC/POS, the language that nearly all of them speak.

Text goes as the printer's own letters, logo and QR as dots: few cheap printers draw a QR of the
size they are asked for, and all of them print dots.
"""

import io
import tempfile
import textwrap
import unicodedata
from functools import cache
from math import ceil
from typing import Any, NamedTuple

import segno
from PIL import Image

from queueing.models import Device
from queueing.slip import Line, Slip

DOTS_PER_MM = 8  # 203 dpi
LETTER = (12, 24)  # dots of font A
SMALLEST_QR = 22 * DOTS_PER_MM
LARGEST = 8  # times a letter: capitals of about 17 mm
PROFILE = "TM-T20II"  # plain Epson, 576 dots; what it is told, its many likenesses understand
P = Device.Paper


class Paper(NamedTuple):
    columns: int
    dots: int


PAPERS = {P.WIDE: Paper(48, 576), P.NARROW: Paper(32, 384)}
# How many times wider and higher than a letter, and whether bold.
SIZES = {"small": (1, 1, False), "plain": (1, 1, False), "strong": (1, 2, True)}
SIZES |= {"large": (2, 2, True)}
# What people write and printers do not know, beside letters with accents.
INSTEAD = str.maketrans(
    {"\u2013": "-", "\u2014": "-", "\u2212": "-", "\u00b7": "-", "\u2022": "*", "\u2026": "..."}
    | {"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u00d7": "x", "\u00a0": " "}
)


class Row(NamedTuple):
    """One printed row of letters; `width` and `height` are multiples of a letter."""

    text: str
    width: int = 1
    height: int = 1
    bold: bool = False
    align: str = "center"


def receipt(slip: Slip, paper: int, logo: bytes = b"") -> bytes:
    """Return the slip as a printer of this paper wants to hear it, cut at the end."""
    printer = dummy()(profile=PROFILE)
    printer.hw("INIT")
    for line in slip.lines:
        for part in parts(line, PAPERS[P(paper)], logo):
            put(printer, part)
    printer.print_and_feed(4)
    printer.cut(feed=False)
    output: bytes = printer.output
    return output


def parts(line: Line, paper: Paper, logo: bytes) -> list[Row | Image.Image]:
    """Return what a line becomes on this paper: rows of letters, or a picture."""
    if line.kind == "qr":
        return [qr(line.text)]
    if line.kind == "logo":
        return [Image.open(io.BytesIO(logo))] if logo else []
    if line.kind == "rule":
        return [Row("-" * paper.columns)]
    return [*rows(line, paper)]


def rows(line: Line, paper: Paper) -> list[Row]:
    """Return the rows of a line of text, none wider than the paper."""
    text = in_plain_letters(line.text)
    if line.kind == "number":
        return [Row(text, min(LARGEST, paper.columns // len(text)), LARGEST, bold=True)]
    width, height, bold = SIZES[line.size]
    wrapped = balanced(text, paper.columns // width)
    return [Row(each, width, height, bold, line.align) for each in wrapped]


def balanced(text: str, columns: int) -> list[str]:
    """Return the text in as few rows as fit, of about the same length."""
    fewest = wrap(text, columns)
    narrower = (wrap(text, width) for width in range(columns // 2, columns))
    return next((told for told in narrower if len(told) == len(fewest)), fewest)


def wrap(text: str, columns: int) -> list[str]:
    return textwrap.wrap(text, columns, break_on_hyphens=False)


def in_plain_letters(text: str) -> str:
    """Return the text in ASCII: accents go, and what has no likeness becomes a question mark."""
    apart = unicodedata.normalize("NFKD", text.translate(INSTEAD))
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return "".join(letter if " " <= letter <= "~" else "?" for letter in bare)


def qr(address: str) -> Image.Image:
    """Return a QR code of at least 22 mm without its quiet zone."""
    code = segno.make(address, error="m", micro=False)
    side, _ = code.symbol_size(border=0)
    picture = io.BytesIO()
    code.save(picture, kind="png", scale=ceil(SMALLEST_QR / side), border=4)
    return Image.open(picture)


def put(printer: Any, part: Row | Image.Image) -> None:
    if isinstance(part, Image.Image):
        printer.set(align="center", normal_textsize=True)
        printer.image(part)
        return
    printer.set(
        align=part.align,
        bold=part.bold,
        custom_size=True,
        width=part.width,
        height=part.height,
    )
    printer.textln(part.text)


@cache
def dummy() -> Any:
    """Return python-escpos' printer that only remembers what it is told.

    Loaded at the first slip: it takes 18 MB, which a process that prints nothing can do without,
    and while it is loaded it leaves a folder among the temporary ones, which goes away here.
    """
    usual = tempfile.tempdir
    with tempfile.TemporaryDirectory() as folder:
        tempfile.tempdir = folder
        try:
            from escpos.printer import Dummy  # noqa: PLC0415 - see above
        finally:
            tempfile.tempdir = usual
    return Dummy
