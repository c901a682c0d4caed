"""How does the ministry want it? Respondents as rows, U1 to U9 as columns, the index below."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from queueing import spreadsheets
from survey import ikm
from survey.questions import ELEMENTS, QUESTIONNAIRE


class Report(NamedTuple):
    """What a report is about: the words at its head, and by which rules it was computed."""

    unit: str
    period: str
    weight: Fraction
    weight_words: str | Promise
    order: Sequence[str]
    order_words: str | Promise


def as_csv(report: Report, sheets: Iterable[Sequence[int]]) -> str:
    """Return the report; `sheets` has the scores in the order of the questionnaire."""
    rows = [dict(zip(QUESTIONNAIRE, sheet, strict=True)) for sheet in sheets]
    return spreadsheets.as_csv(
        [*_head(report), *_respondents(report, rows), *_foot(report, ikm.sums(rows))]
    )


def _head(report: Report) -> list[list[Any]]:
    return [
        [_("Pengolahan indeks kepuasan masyarakat per responden dan per unsur pelayanan")],
        [_("Unit pelayanan"), report.unit],
        [_("Periode"), report.period],
        [_("Bobot"), report.weight_words],
        [_("Urutan unsur"), report.order_words],
        [],
    ]


def _respondents(report: Report, rows: Sequence[dict[str, int]]) -> list[list[Any]]:
    codes = [f"U{place}" for place in range(1, len(report.order) + 1)]
    answers = ([place, *(row[key] for key in report.order)] for place, row in enumerate(rows, 1))
    return [[_("Nomor responden"), *codes], *answers]


def _foot(report: Report, elements: dict[str, ikm.Sums]) -> list[list[Any]]:
    found = [elements[key] for key in report.order]
    index = ikm.ikm(elements, report.weight)
    means = [ikm.rounded(each.nrr, 3) for each in found]
    weighed = [ikm.rounded(ikm.weighed(each, report.weight), 3) for each in found]
    return [
        [_("Jumlah nilai per unsur"), *(each.total for each in found)],
        [_("NRR per unsur"), *means],
        [_("NRR tertimbang per unsur"), *weighed, ikm.rounded(ikm.ni(elements, report.weight), 4)],
        [_("IKM unit pelayanan"), index.value],
        [_("Mutu pelayanan"), index.grade.letter],
        [_("Kinerja unit pelayanan"), index.grade.words],
        [],
        *([f"U{place}", ELEMENTS[key].name] for place, key in enumerate(report.order, 1)),
    ]
