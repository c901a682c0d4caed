"""May this picture be the hall's logo? It is read, made small, and written anew.

Nothing of the uploaded file is kept but its dots, so whatever else it carried is gone.
"""

import io
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

HEAVIEST = 512 * 1024
MOST_DOTS = 4_000_000  # before it is unpacked: a small file may hold a giant picture
LARGEST = (360, 160)  # dots on paper, 45 x 20 mm
FORMATS = ["PNG", "JPEG"]
UNREADABLE = (OSError, SyntaxError, ValueError, Image.DecompressionBombError)
WHITE = (255, 255, 255, 255)


def redrawn(file: BinaryIO, size: int) -> bytes:
    """Return the picture as a small black and white PNG; raises ValidationError."""
    if size > HEAVIEST:
        raise ValidationError(_("Berkas terlalu besar: paling banyak 512 kB."))
    try:
        picture = Image.open(file, formats=FORMATS)
        if picture.width * picture.height > MOST_DOTS:
            raise ValidationError(_("Gambar terlalu besar: paling banyak 4 juta titik."))
        upright = ImageOps.exif_transpose(picture).convert("RGBA")
    except UNREADABLE as error:
        raise ValidationError(_("Ini bukan gambar PNG atau JPEG.")) from error
    upright.thumbnail(LARGEST)
    paper = Image.new("RGBA", upright.size, WHITE)
    paper.alpha_composite(upright)
    drawn = io.BytesIO()
    paper.convert("1").save(drawn, "PNG", optimize=True)
    return drawn.getvalue()
