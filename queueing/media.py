"""May this file be shown in the lobby? A picture is drawn anew; a film is known by its first bytes.

A picture keeps nothing of its file but its dots. A film cannot be drawn anew here: it is given out
as the kind that it is, from the own address, and a screen shows it without sound.
"""

import io
import re
from typing import BinaryIO, NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from queueing.logo import UNREADABLE

LARGEST_PICTURE = 8 * 1024 * 1024
LARGEST_FILM = 24 * 1024 * 1024
MOST_DOTS = 40_000_000  # before it is unpacked: a small file may hold a giant picture
SCREEN = (1920, 1920)
LOGO = (480, 160)
FORMATS = ["PNG", "JPEG", "WEBP"]
FILMS = {
    "video/mp4": re.compile(rb"....ftyp", re.DOTALL),
    "video/webm": re.compile(rb"\x1aE\xdf\xa3"),
}


class Kept(NamedTuple):
    kind: str
    content_type: str
    content: bytes


def accepted(file: BinaryIO, size: int) -> Kept:
    """Return the file as it is kept; raises ValidationError."""
    head = file.read(12)
    file.seek(0)
    for content_type, begins in FILMS.items():
        if begins.match(head):
            limit(size, LARGEST_FILM)
            return Kept("film", content_type, file.read())
    limit(size, LARGEST_PICTURE)
    return Kept("picture", "image/jpeg", drawn(file))


def limit(size: int, most: int) -> None:
    if size > most:
        told = {"most": most // 1024**2}
        raise ValidationError(_("Berkas terlalu besar: paling banyak %(most)s MB."), params=told)


def drawn(file: BinaryIO) -> bytes:
    """Return a picture that fits a screen, as JPEG."""
    picture = opened(file)
    picture.thumbnail(SCREEN)
    paper = Image.new("RGBA", picture.size, "white")
    paper.alpha_composite(picture)
    return written(paper.convert("RGB"), "JPEG", quality=85)


def drawn_logo(file: BinaryIO, size: int) -> bytes:
    """Return a logo in its colours, small, as PNG; what is seen through stays so."""
    limit(size, LARGEST_PICTURE)
    picture = opened(file)
    picture.thumbnail(LOGO)
    return written(picture, "PNG", optimize=True)


def opened(file: BinaryIO) -> Image.Image:
    try:
        picture = Image.open(file, formats=FORMATS)
        if picture.width * picture.height > MOST_DOTS:
            raise ValidationError(_("Gambar terlalu besar: paling banyak 40 juta titik."))
        return ImageOps.exif_transpose(picture).convert("RGBA")
    except UNREADABLE as error:
        raise ValidationError(_("Bukan gambar PNG, JPEG, WebP atau video MP4, WebM.")) from error


def written(picture: Image.Image, kind: str, **how: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **how)
    return out.getvalue()
