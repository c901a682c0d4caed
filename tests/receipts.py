"""A receipt printer that keeps what it was told, and reads it back: rows, their size, pictures.

read(data).texts        -> ["MPP hall", ...]
read(data).number       -> the row of the largest letters
read(data).codes        -> what its QR codes say
"""

import re
from dataclasses import dataclass, field
from typing import Any

import zxingcpp
from PIL import Image

from queueing.escpos import DOTS_PER_MM, LETTER

CAPITALS = 17 / 24  # of the height of font A, at least
ORDERS = re.compile(
    rb"\x1b@|\x1bt.|\x1ba(?P<align>.)|\x1bE(?P<bold>.)|\x1b!(?P<mode>.)|\x1d!(?P<size>.)"
    rb"|\x1dv0.(?P<wide>..)(?P<high>..)|\x1bd(?P<feed>.)|\x1dVB.|\x1bM.|\x1b-.",
    re.DOTALL,
)


@dataclass
class Printed:
    text: str
    width: int
    height: int
    align: int
    bold: bool

    @property
    def columns(self) -> int:
        return self.width * len(self.text)

    @property
    def capitals_mm(self) -> float:
        return self.height * LETTER[1] * CAPITALS / DOTS_PER_MM


@dataclass
class Receipt:
    rows: list[Printed] = field(default_factory=list)
    pictures: list[Image.Image] = field(default_factory=list)
    cuts: int = 0

    @property
    def texts(self) -> list[str]:
        return [row.text for row in self.rows]

    @property
    def text(self) -> str:
        return " ".join(self.texts)

    @property
    def number(self) -> Printed:
        return max(self.rows, key=lambda row: row.height)

    @property
    def codes(self) -> list[str]:
        return [code.text for picture in self.pictures for code in decoded(picture)]


def decoded(picture: Image.Image) -> list[Any]:
    return list(zxingcpp.read_barcodes(picture.convert("L")))


def read(data: bytes) -> Receipt:
    """Do what a printer of font A does with these bytes."""
    receipt, place, line = Receipt(), 0, b""
    width = height = 1
    align, bold = 0, False
    while place < len(data):
        order = ORDERS.match(data, place)
        if order is None:
            letter = data[place : place + 1]
            place += 1
            if letter == b"\n":
                text = line.decode("ascii")
                receipt.rows.append(Printed(text, width, height, align, bold))
                line = b""
            else:
                line += letter
            continue
        place = order.end()
        told = {name: value for name, value in order.groupdict().items() if value is not None}
        if "align" in told:
            align = told["align"][0]
        if "bold" in told:
            bold = bool(told["bold"][0])
        if "size" in told:
            width, height = (told["size"][0] >> 4) + 1, (told["size"][0] & 15) + 1
        if "mode" in told:
            width = height = 1
        if "wide" in told:
            across, down = (int.from_bytes(told[name], "little") for name in ("wide", "high"))
            dots = data[place : place + across * down]
            receipt.pictures.append(picture_of(dots, across, down))
            place += across * down
        receipt.cuts += order[0].startswith(b"\x1dV")
    return receipt


def picture_of(dots: bytes, across: int, down: int) -> Image.Image:
    assert len(dots) == across * down
    black = Image.frombytes("1", (across * 8, down), dots)
    return black.convert("L").point(lambda dot: 255 - dot)
