"""How do a slip's lines become a picture in a browser? In tenths of a millimetre, and in dots."""

import base64
import io
from typing import Any

import segno
from PIL import Image

from queueing.escpos import LETTER, PAPERS, Row, parts
from queueing.models import Device
from queueing.slip import Slip

# What a printer can reach of its paper, in tenths of a millimetre.
REACH = {Device.Paper.WIDE: 720, Device.Paper.NARROW: 480}
LETTERS = 210  # of the number: their capitals are 15 mm high
DIGIT, CAPITAL, DASH = 56, 70, 33  # hundredths of that which a letter is wide


def as_page(slip: Slip, paper: Device.Paper) -> dict[str, Any]:
    lines = [
        {
            **line._asdict(),
            "number": number(line.text, REACH[paper]) if line.kind == "number" else None,
            "qr": segno.make(line.text, error="m", micro=False).svg_data_uri(border=2)
            if line.kind == "qr"
            else None,
        }
        for line in slip.lines
    ]
    return {"language": slip.language, "lines": lines}


def number(label: str, width: int) -> dict[str, int]:
    """Return the box of a number: never wider than the paper, and always as high."""
    widths = (DASH if letter == "-" else DIGIT if letter.isdigit() else CAPITAL for letter in label)
    natural = sum(widths) * LETTERS // 100
    return {"width": width, "middle": width // 2, "length": min(natural, width)}


def as_receipt(slip: Slip, paper: Device.Paper, logo: bytes) -> list[dict[str, Any]]:
    """Return the rows that a receipt printer prints, each with its box in dots."""
    dots = PAPERS[paper].dots
    pieces = [part for line in slip.lines for part in parts(line, PAPERS[paper], logo)]
    return [drawn(piece, dots) for piece in pieces]


def drawn(part: Row | Image.Image, dots: int) -> dict[str, Any]:
    """Return a row of letters or a picture with its place, in the dots of the paper."""
    if isinstance(part, Image.Image):
        box = {"width": part.width, "height": part.height, "left": (dots - part.width) // 2}
        return {"dots": dots, "address": data_address(part), **box}
    natural = LETTER[0] * len(part.text)
    space = dots - natural * part.width if part.align == "center" else 0
    box = {"natural": natural, "height": LETTER[1] * part.height, "left": space // 2}
    return {"dots": dots, "row": part, **box}


def data_address(picture: Image.Image) -> str:
    data = io.BytesIO()
    picture.save(data, "PNG")
    return f"data:image/png;base64,{base64.b64encode(data.getvalue()).decode()}"
