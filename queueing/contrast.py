"""Is this colour dark enough for white letters that are read from afar? At least seven to one."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

LEAST = 7.0
BENT_FROM = 0.04045


def legible_under_white(colour: str) -> None:
    """Accept "#rrggbb" on which white is seen well; raises ValidationError."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        raise ValidationError(_("Tulis warna seperti #07444a."))
    if with_white(colour) < LEAST:
        raise ValidationError(
            _("Warna ini terlalu terang untuk tulisan putih (perlu kontras 7 banding 1).")
        )


def with_white(colour: str) -> float:
    """Return the contrast of white on this colour as WCAG 2 reckons it, 1 to 21."""
    red, green, blue = (linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def linear(part: float) -> float:
    return part / 12.92 if part <= BENT_FROM else ((part + 0.055) / 1.055) ** 2.4
