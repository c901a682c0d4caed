"""How good were the estimates? Published for everybody, in words, for the last day judged."""

import datetime as dt

import pytest

from queueing.models import Accuracy
from tests.browsing import barriers

pytest_plugins = ["tests.looking"]

FIGURES = {"told": 40, "kept": 33, "bias": -1.25, "error": 4.04, "simple_error": 9.5, "stretch": 1}


def judged(cast, agency=None, day: int = 24, **figures) -> None:
    date = dt.date(2026, 11, day)
    Accuracy.objects.create(hall=cast.hall, agency=agency, date=date, **FIGURES | figures)


def page(client, cast, language: str = "id") -> str:
    answer = client.get(f"/{cast.hall.slug}/accuracy", {"lang": language})
    return " ".join(answer.content.decode().split())


def test_a_new_hall_says_that_no_day_has_been_judged(cast, client):
    assert "Belum ada hari yang dinilai" in page(client, cast)


def test_the_last_day_is_told_with_each_agency(cast, client):
    judged(cast)
    judged(cast, cast.a, told=10, kept=7, bias=2.26)
    told = page(client, cast)
    assert "Selasa, 24 November 2026: <strong>8 dari 10</strong> orang dipanggil" in told
    assert "7 dari 10" in told
    assert "2,3 mnt lebih lambat" in told
    assert "1,2 mnt lebih cepat" in told or "1,3 mnt lebih cepat" in told
    assert "Tuesday, 24 November 2026: <strong>8 in 10</strong>" in page(client, cast, "en")


def test_only_the_last_day_that_had_estimates_is_told(cast, client):
    judged(cast, day=23)
    judged(cast, day=24, told=0, kept=0)
    assert "23 November" in page(client, cast)


def test_the_start_page_leads_there(cast, client):
    address = f"/{cast.hall.slug}/"
    assert "/accuracy" not in client.get(address).content.decode()
    judged(cast)
    assert "tepat 8 dari 10" in client.get(address).content.decode()


@pytest.mark.parametrize("size", [(1366, 768), (360, 740)])
def test_it_keeps_nobody_out(hall, look, size):
    hall.rows(
        "INSERT INTO queueing_accuracy"
        " (hall_id, agency_id, date, told, kept, bias, error, simple_error, stretch)"
        " SELECT hall_id, id, date '2026-11-24', 40, 33, -1.2, 4.1, 9.5, 1 FROM agencies_agency"
        " UNION SELECT id, NULL, date '2026-11-24', 400, 330, -1.2, 4.1, 9.5, 1 FROM agencies_hall"
        " RETURNING 1"
    )
    page = look("accuracy", size=size)
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
