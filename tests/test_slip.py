"""What stands on a slip, and what a receipt printer makes of it."""

import csv
import io
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from queueing import escpos
from queueing.logo import LARGEST, redrawn
from queueing.models import SlipDesign, SlipPrint
from queueing.models.slips import few_and_short, own_lines
from queueing.slip import Line, Slip, ranges, slip
from tests.cast import fresh
from tests.receipts import Receipt, read

ADDRESS = "http://mpp.example/v/abcdefghijklmnopqrstuv"
PAPERS = {80: (48, 576), 58: (32, 384)}
CATALOGUE = Path("agencies/catalogue")


def lines_of(ticket, **options) -> list[str]:
    return [line.text for line in slip(fresh(ticket), ADDRESS, **options).lines]


def printed(ticket, paper: int = 80, **options) -> Receipt:
    return read(escpos.receipt(slip(fresh(ticket), ADDRESS, **options), paper))


def spaceless(text: str) -> str:
    return "".join(text.split())


# --- What it says -------------------------------------------------------------------------------


def test_a_slip_says_all_that_its_holder_needs(cast, clock):
    cast.ticket("A01")
    assert lines_of(cast.ticket("A02")) == [
        "MPP hall",
        "",
        "Instansi A",
        "Layanan A02",
        "A-002",
        "Selasa, 24 November 2026, 09.00 WIB",
        "1 antrean di depan Anda",
        "Zona A, Loket 1-2",
        ADDRESS,
        "mpp.example/v/abcdefghijklmnopqrstuv",
        "",
        "Simpan nomor ini. Terlewat? Lapor ke loket, Anda dipanggil lagi setelah 3 nomor.",
        "Pengaduan: lapor.go.id",
    ]


def test_a_slip_speaks_the_language_of_its_visit(cast, clock):
    ticket = cast.ticket("A01")
    ticket.visit.language = "en"
    ticket.visit.save()
    told = lines_of(ticket)
    assert "Agency A" in told
    assert "Tuesday, 24 November 2026, 09.00 WIB" in told
    assert "You are next" in told


def test_priority_is_a_word_and_its_group_is_nowhere(cast):
    for group in ("elderly", "disability", "disaster"):
        told = lines_of(cast.ticket("A01", priority=group))
        assert "Prioritas" in told
        assert not {"Lansia", "Penyandang disabilitas", "Korban bencana"} & set(told)


def test_a_companion_gets_the_same_number_with_a_word(cast):
    ticket = cast.ticket("A01")
    assert "Pendamping" in lines_of(ticket, companion=True)
    assert ticket.label in lines_of(ticket, companion=True)
    assert "Pendamping" not in lines_of(ticket)


@pytest.mark.parametrize(
    ("outcome", "says_so"),
    [("printed", True), ("unknown", True), ("paper_out", False), ("gone", False)],
)
def test_a_slip_after_one_that_may_have_come_out_says_so(cast, clock, outcome, says_so):
    ticket = cast.ticket("A01")
    SlipPrint.objects.create(ticket=ticket, at=clock.moment, outcome=outcome)
    assert ("Cetak ulang" in lines_of(ticket)) is says_so
    assert "Cetak ulang" not in lines_of(ticket, companion=True)


def test_a_number_that_was_called_has_nobody_in_front_of_it(cast):
    ticket = cast.ticket("A01")
    cast.call(1)
    assert not [told for told in lines_of(ticket) if "depan" in told or "berikutnya" in told]


def test_the_halls_own_lines_come_last_in_both_languages(cast):
    SlipDesign.objects.create(hall=cast.hall, lines_id="Wifi: MPP\n\n Senyum ", lines_en="Smile")
    ticket = cast.ticket("A01")
    assert lines_of(ticket)[-2:] == ["Wifi: MPP", "Senyum"]
    ticket.visit.language = "en"
    ticket.visit.save()
    assert lines_of(ticket)[-1] == "Smile"


@pytest.mark.parametrize(
    ("numbers", "told"),
    [([1, 2, 3], "1-3"), ([3], "3"), ([1, 2, 5, 7, 8], "1-2, 5, 7-8"), ([], "")],
)
def test_counters_are_told_as_people_write_them(numbers, told):
    assert ranges(numbers) == told


# --- On receipt paper ---------------------------------------------------------------------------


@pytest.mark.parametrize("paper", PAPERS)
def test_a_printer_prints_what_the_slip_says_and_cuts_once(cast, clock, paper):
    ticket = cast.ticket("A01", priority="elderly")
    receipt = printed(ticket, paper)
    said = " ".join(text for text in lines_of(ticket) if text and text != ADDRESS)
    told = receipt.text.replace("-" * PAPERS[paper][0], "")
    assert spaceless(told) == spaceless(said)
    assert receipt.number.text == ticket.label
    assert receipt.codes == [ADDRESS]
    assert receipt.cuts == 1


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("label", ["A-001", "S-1000", "AB-012", "AB-1000"])
def test_a_number_is_14_mm_high_and_fits(paper, label):
    receipt = read(escpos.receipt(Slip("id", [Line("number", label)]), paper))
    assert receipt.number.text == label
    assert receipt.number.capitals_mm >= 14
    assert receipt.number.columns <= PAPERS[paper][0]


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("letters", [12, 46, 70, 120, 250])
def test_a_code_is_22_mm_wide_reads_back_and_fits(paper, letters):
    address = "http://h/v/".ljust(letters, "x")
    receipt = read(escpos.receipt(Slip("id", [Line("qr", address)]), paper))
    [picture] = receipt.pictures
    box = picture.point(lambda dot: 255 - dot).getbbox()
    assert box[2] - box[0] >= 22 * escpos.DOTS_PER_MM
    assert picture.width <= PAPERS[paper][1]
    assert receipt.codes == [address]


def names() -> list[str]:
    """Every name of the catalogue that a slip may carry, in both languages."""
    found = []
    for file in ("agencies.csv", "services.csv"):
        with (CATALOGUE / file).open() as rows:
            found += [row[key] for row in csv.DictReader(rows) for key in ("name_id", "name_en")]
    return found


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("size", ["small", "plain", "strong", "large"])
def test_no_name_of_the_catalogue_is_wider_than_the_paper(paper, size):
    told = names()
    assert len(told) == 2 * (17 + 167)
    for name in told:
        receipt = read(escpos.receipt(Slip("id", [Line("text", name, size)]), paper))
        assert max(row.columns for row in receipt.rows) <= PAPERS[paper][0]
        assert spaceless(receipt.text) == spaceless(escpos.in_plain_letters(name))


@settings(max_examples=200, deadline=None)
@given(text=st.text(max_size=200), paper=st.sampled_from([80, 58]))
def test_whatever_is_written_a_printer_hears_only_letters(text, paper):
    receipt = read(escpos.receipt(Slip("id", [Line("text", text, "large")]), paper))
    assert all(" " <= letter <= "~" for letter in receipt.text)
    assert all(row.columns <= PAPERS[paper][0] for row in receipt.rows)


def test_letters_that_a_printer_does_not_know_have_a_likeness():
    assert (
        escpos.in_plain_letters("Café \u2013 “Balai” … 10\u00d72 · 漢")
        == 'Cafe - "Balai" ... 10x2 - ?'
    )


# --- The hall's own ------------------------------------------------------------------------------


def picture(size=(900, 300), kind="PNG", colour="black") -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, kind)
    file.seek(0)
    return file


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_logo_becomes_small_and_black_and_white(kind):
    drawn = Image.open(io.BytesIO(redrawn(picture(kind=kind), 1000)))
    assert (drawn.format, drawn.mode, drawn.size) == ("PNG", "1", (360, 120))
    assert drawn.width <= LARGEST[0]


def test_nothing_of_an_uploaded_file_is_kept_but_its_dots():
    file = io.BytesIO()
    Image.new("RGB", (80, 80)).save(file, "PNG")
    hidden = file.getvalue() + b"<script>alert(1)</script>"
    assert b"script" not in redrawn(io.BytesIO(hidden), len(hidden))


@pytest.mark.parametrize(
    ("file", "size"),
    [
        (io.BytesIO(b"<svg onload='x'/>"), 20),
        (io.BytesIO(b"\x89PNG\r\n\x1a\n" + b"0" * 99), 107),
        (io.BytesIO(picture().getvalue()[:200]), 200),
        (picture(kind="GIF"), 1000),
        (picture(size=(4000, 2000)), 1000),
        (picture(), 600_000),
    ],
    ids=["svg", "broken", "cut off", "gif", "giant", "heavy"],
)
def test_what_is_no_small_picture_is_refused_with_a_sentence(file, size):
    with pytest.raises(ValidationError) as refusal:
        redrawn(file, size)
    assert refusal.value.messages[0]


def test_a_logo_is_printed_above_everything(cast):
    design = SlipDesign.objects.create(hall=cast.hall, logo=redrawn(picture(), 1000))
    receipt = read(escpos.receipt(slip(fresh(cast.ticket()), ADDRESS), 58, bytes(design.logo)))
    assert len(receipt.pictures) == 2
    assert receipt.pictures[0].width == 360


@pytest.mark.parametrize("text", ["1\n2\n3\n4\n5", "x" * 61])
def test_too_many_or_too_long_lines_are_refused(text):
    with pytest.raises(ValidationError):
        few_and_short(text)


def test_a_line_carries_no_orders_for_a_printer():
    assert own_lines("Buka\x1b@\x1dV 08.00\u202e\r\n\n  \x00Tutup ") == ["Buka@ V 08.00", "Tutup"]


# --- Where it comes from ------------------------------------------------------------------------


def test_the_bytes_and_the_page_come_by_the_visits_token(cast):
    ticket, browser = cast.ticket(), Client()
    token = ticket.visit.token
    answer = browser.get(f"/v/{token}/slip/{ticket.public_id}?paper=58")
    receipt = read(answer.content)
    assert receipt.number.text == "A-001"
    assert receipt.codes == [f"http://testserver/v/{token}"]
    assert ticket.label in browser.get(f"/v/{token}/slip").content.decode()


def test_each_ticket_of_a_visit_has_a_slip_of_its_own(cast):
    one, two = cast.visit("A01", "B01")
    page = Client().get(f"/v/{one.visit.token}/slip?companion").content.decode()
    assert page.count('class="slip"') == 4
    only = Client().get(f"/v/{one.visit.token}/slip?ticket={two.public_id}").content.decode()
    assert only.count('class="slip"') == 1
    assert "B-001" in only


def test_a_token_opens_no_slip_of_another_visit(cast):
    mine, theirs = cast.ticket(), cast.ticket()
    for address in (f"slip/{theirs.public_id}", f"slip?ticket={theirs.public_id}", "slip?ticket=x"):
        assert Client().get(f"/v/{mine.visit.token}/{address}").status_code == 404


def test_only_a_page_of_the_hall_may_frame_a_slip(cast):
    ticket = cast.ticket()
    told = Client().get(f"/v/{ticket.visit.token}/slip")
    assert told["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in told["Content-Security-Policy"]
    assert "frame-ancestors 'none'" not in told["Content-Security-Policy"]
    assert told["Referrer-Policy"] == "no-referrer"


def test_the_sample_is_no_number_of_anybody(cast):
    browser = Client()
    browser.force_login(cast.manager)
    receipt = read(browser.get("/hall/slip/receipt").content)
    assert "Ini bukan nomor antrean." in receipt.text
    assert receipt.codes == ["http://testserver/hall/"]


def test_a_logo_is_sent_as_nothing_but_a_picture(cast):
    assert Client().get("/hall/slip/logo.png").status_code == 404
    SlipDesign.objects.create(hall=cast.hall, logo=redrawn(picture(), 1000))
    told = Client().get("/hall/slip/logo.png")
    assert (told["Content-Type"], told["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert Image.open(io.BytesIO(told.content)).format == "PNG"
