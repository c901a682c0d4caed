"""What is everybody asked? The nine questions of PermenPANRB 14/2017, in the ministry's words.

Answers are kept under the key of their element, never under a number: the questionnaire asks the
facilities eighth and the complaints ninth, the body of the regulation lists them the other way.
"""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LOWEST, HIGHEST = 1, 4


class Element(NamedTuple):
    key: str
    name: Promise
    question: Promise
    answers: tuple[Promise, Promise, Promise, Promise]  # worth 1, 2, 3 and 4

    @property
    def choices(self) -> list[tuple[int, Promise]]:
        """The answers with what each is worth, as the questionnaire prints them."""
        return list(enumerate(self.answers, LOWEST))


_FITS = (_("Tidak sesuai"), _("Kurang sesuai"), _("Sesuai"), _("Sangat sesuai"))

ELEMENTS = {
    element.key: element
    for element in (
        Element(
            "persyaratan",
            _("Persyaratan"),
            _(
                "Bagaimana pendapat Saudara tentang kesesuaian persyaratan pelayanan dengan jenis"
                " pelayanannya?"
            ),
            _FITS,
        ),
        Element(
            "prosedur",
            _("Sistem, mekanisme, dan prosedur"),
            _("Bagaimana pemahaman Saudara tentang kemudahan prosedur pelayanan di unit ini?"),
            (_("Tidak mudah"), _("Kurang mudah"), _("Mudah"), _("Sangat mudah")),
        ),
        Element(
            "waktu",
            _("Waktu penyelesaian"),
            _("Bagaimana pendapat Saudara tentang kecepatan waktu dalam memberikan pelayanan?"),
            (_("Tidak cepat"), _("Kurang cepat"), _("Cepat"), _("Sangat cepat")),
        ),
        Element(
            "biaya",
            _("Biaya/tarif"),
            _("Bagaimana pendapat Saudara tentang kewajaran biaya/tarif dalam pelayanan?"),
            (_("Sangat mahal"), _("Cukup mahal"), _("Murah"), _("Gratis")),
        ),
        Element(
            "produk",
            _("Produk spesifikasi jenis pelayanan"),
            _(
                "Bagaimana pendapat Saudara tentang kesesuaian produk pelayanan antara yang"
                " tercantum dalam standar pelayanan dengan hasil yang diberikan?"
            ),
            _FITS,
        ),
        Element(
            "kompetensi",
            _("Kompetensi pelaksana"),
            _("Bagaimana pendapat Saudara tentang kompetensi/kemampuan petugas dalam pelayanan?"),
            (_("Tidak kompeten"), _("Kurang kompeten"), _("Kompeten"), _("Sangat kompeten")),
        ),
        Element(
            "perilaku",
            _("Perilaku pelaksana"),
            _(
                "Bagaimana pendapat Saudara tentang perilaku petugas dalam pelayanan terkait"
                " kesopanan dan keramahan?"
            ),
            (
                _("Tidak sopan dan ramah"),
                _("Kurang sopan dan ramah"),
                _("Sopan dan ramah"),
                _("Sangat sopan dan ramah"),
            ),
        ),
        Element(
            "sarana",
            _("Sarana dan prasarana"),
            _("Bagaimana pendapat Saudara tentang kualitas sarana dan prasarana?"),
            (_("Buruk"), _("Cukup"), _("Baik"), _("Sangat baik")),
        ),
        Element(
            "pengaduan",
            _("Penanganan pengaduan, saran, dan masukan"),
            _("Bagaimana pendapat Saudara tentang penanganan pengaduan pengguna layanan?"),
            (
                _("Tidak ada"),
                _("Ada tetapi tidak berfungsi"),
                _("Berfungsi kurang maksimal"),
                _("Dikelola dengan baik"),
            ),
        ),
    )
}

QUESTIONNAIRE = tuple(ELEMENTS)
REGULATION = (*QUESTIONNAIRE[:7], "pengaduan", "sarana")
ORDERS = {
    "questionnaire": (QUESTIONNAIRE, _("Kuesioner: U8 sarana, U9 pengaduan")),
    "regulation": (REGULATION, _("Batang tubuh peraturan: U8 pengaduan, U9 sarana")),
}
"""In which order a report prints U1 to U9, and how each order is called."""
