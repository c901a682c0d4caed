"""What a hall shows beside the calls: its text, its colour, its pictures and films."""

import io

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from queueing import media
from queueing.contrast import legible_under_white, with_white
from queueing.models import Lobby, Medium

FILM = b"\x00\x00\x00\x18ftypmp42" + bytes(range(256)) * 8


def picture(size=(64, 48), kind: str = "PNG", colour: str = "#a01010") -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", size, colour).save(drawn, kind)
    return drawn.getvalue()


def a_medium(cast, content: bytes = FILM, **values) -> Medium:
    kept = media.accepted(io.BytesIO(content), len(content))
    row = Medium(hall=cast.hall, name="Alur paspor", **values)
    row.keep(kept.kind, kept.content_type, kept.content)
    row.save()
    return row


def about(client) -> dict:
    return client.get("/hall/display").context["about"]


def address(row: Medium) -> str:
    return f"/hall/lobby/{row.pk}.{row.digest}"


# --- The text and the colour --------------------------------------------------------------------


def test_each_line_is_a_message(client, cast):
    Lobby.objects.create(hall=cast.hall, text_id=" Bawa KTP asli \n\nLoket 5 pindah", text_en="Hi")
    assert about(client)["messages"] == ["Bawa KTP asli", "Loket 5 pindah"]
    english = client.get("/hall/display", {"lang": "en"}).context["about"]
    assert english["messages"] == ["Hi"]


def test_a_text_that_is_off_says_nothing(client, cast):
    Lobby.objects.create(hall=cast.hall, text_id="Bawa KTP", text_is_on=False)
    assert about(client)["messages"] == []


def test_a_hall_that_decided_nothing_looks_as_it_comes(client, cast):
    shown = about(client)
    assert (shown["colour"], shown["messages"], shown["media"]) == ("", [], [])


def test_contrast_is_reckoned_as_wcag_does():
    assert with_white("#000000") == pytest.approx(21)
    assert with_white("#ffffff") == pytest.approx(1)
    assert with_white("#767676") == pytest.approx(4.54, abs=0.01)


def test_the_colour_carries_white_letters():
    legible_under_white("#07444a")


@pytest.mark.parametrize("colour", ["#f2b705", "#767676", "07444a", "#07444", "red", "#07444a; x"])
def test_a_pale_colour_or_none_is_refused(colour):
    with pytest.raises(ValidationError):
        legible_under_white(colour)


# --- Which files are taken ----------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_is_drawn_anew_and_fits_a_screen(kind):
    sent = picture((3000, 1000), kind)
    kept = media.accepted(io.BytesIO(sent), len(sent))
    drawn = Image.open(io.BytesIO(kept.content))
    assert (kept.kind, kept.content_type, drawn.size) == ("picture", "image/jpeg", (1920, 640))


def test_nothing_of_the_file_but_its_dots_is_kept():
    sent = picture() + b"<script>alert(1)</script>"
    assert b"script" not in media.accepted(io.BytesIO(sent), len(sent)).content


@pytest.mark.parametrize(
    ("content", "kind"), [(FILM, "video/mp4"), (b"\x1aE\xdf\xa3" + bytes(64), "video/webm")]
)
def test_a_film_is_known_by_its_first_bytes(content, kind):
    assert media.accepted(io.BytesIO(content), len(content))[:2] == ("film", kind)


@pytest.mark.parametrize(
    "content",
    [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a", b"<html>", b"\x00" * 40],
)
def test_anything_else_is_refused(content):
    with pytest.raises(ValidationError):
        media.accepted(io.BytesIO(content), len(content))


@pytest.mark.parametrize(
    ("content", "size"),
    [(picture(), media.LARGEST_PICTURE + 1), (FILM, media.LARGEST_FILM + 1)],
)
def test_what_is_too_heavy_is_refused(content, size):
    with pytest.raises(ValidationError, match="terlalu besar"):
        media.accepted(io.BytesIO(content), size)


def test_a_giant_picture_in_a_small_file_is_refused():
    sent = picture((8000, 6000))
    assert len(sent) < media.LARGEST_PICTURE
    with pytest.raises(ValidationError, match="40 juta titik"):
        media.accepted(io.BytesIO(sent), len(sent))


# --- What a screen fetches ----------------------------------------------------------------------


def test_a_screen_is_told_what_to_show_in_order(client, cast):
    second, first = a_medium(cast, place=2), a_medium(cast, picture(), place=1, seconds=20)
    a_medium(cast, is_on=False)
    assert about(client)["media"] == [
        {"kind": "picture", "name": "Alur paspor", "seconds": 20, "url": address(first)},
        {"kind": "film", "name": "Alur paspor", "seconds": 15, "url": address(second)},
    ]


def test_media_may_be_switched_off_at_once(client, cast):
    a_medium(cast)
    Lobby.objects.create(hall=cast.hall, media_are_on=False)
    assert about(client)["media"] == []


def test_a_film_is_given_whole_or_in_pieces(client, cast):
    url = address(a_medium(cast))
    whole = client.get(url)
    assert (whole.status_code, whole.content, whole["Content-Type"]) == (200, FILM, "video/mp4")
    assert whole["Cache-Control"] == "public, max-age=31536000, immutable"
    piece = client.get(url, headers={"Range": "bytes=10-19"})
    assert (piece.status_code, piece.content) == (206, FILM[10:20])
    assert piece["Content-Range"] == f"bytes 10-19/{len(FILM)}"
    rest = client.get(url, headers={"Range": "bytes=2000-"})
    assert rest.content == FILM[2000:]


@pytest.mark.parametrize("asked", ["bytes=-5", "bytes=x-", "items=0-1", "bytes=5"])
def test_a_piece_that_is_not_understood_is_the_whole(client, cast, asked):
    answered = client.get(address(a_medium(cast)), headers={"Range": asked})
    assert answered.content == FILM


@pytest.mark.parametrize("asked", ["bytes=99999-", "bytes=9-3"])
def test_a_piece_behind_the_end_is_refused(client, cast, asked):
    assert client.get(address(a_medium(cast)), headers={"Range": asked}).status_code == 416


def test_nothing_is_given_by_another_hall_or_another_name(client, cast, next_door):
    row = a_medium(cast)
    assert client.get(address(row).replace("/hall/", "/next-door/")).status_code == 404
    assert client.get(f"/hall/lobby/{row.pk}.{'0' * 12}").status_code == 404
    Medium.objects.update(is_on=False)
    assert client.get(address(row)).status_code == 404


def test_the_logo_is_shown_in_its_colours(client, cast):
    assert client.get("/hall/lobby/logo.png").status_code == 404
    sent = picture((900, 300))
    Lobby.objects.create(hall=cast.hall, logo=media.drawn_logo(io.BytesIO(sent), len(sent)))
    given = client.get("/hall/lobby/logo.png")
    logo = Image.open(io.BytesIO(given.content))
    assert (logo.size, logo.convert("RGB").getpixel((5, 5))) == ((480, 160), (160, 16, 16))
    assert "/hall/lobby/logo.png" in client.get("/hall/display").content.decode()


# --- In the admin -------------------------------------------------------------------------------


@pytest.fixture
def manager(cast) -> Client:
    cast.manager.is_staff = True
    cast.manager.save()
    browser = Client()
    browser.force_login(cast.manager)
    return browser


def upload(manager: Client, cast, content: bytes, name: str = "x.png"):
    sent = {"hall": cast.hall.pk, "name": "Alur", "place": 1, "is_on": "on", "seconds": 15}
    file = SimpleUploadedFile(name, content)
    return manager.post("/admin/queueing/medium/add/", {**sent, "file": file})


def test_the_manager_uploads_a_picture_and_a_film(cast, manager):
    assert upload(manager, cast, picture()).status_code == 302
    assert upload(manager, cast, FILM).status_code == 302
    assert [row.kind for row in Medium.objects.order_by("pk")] == ["picture", "film"]


def test_a_file_that_may_not_be_shown_is_refused_in_words(cast, manager):
    answered = upload(manager, cast, b"<html>", "film.mp4")
    assert "Bukan gambar PNG, JPEG, WebP atau video MP4, WebM." in answered.content.decode()
    assert not Medium.objects.exists()


def test_without_a_file_there_is_nothing_to_show(cast, manager):
    sent = {"hall": cast.hall.pk, "name": "Alur", "place": 1, "seconds": 15}
    answered = manager.post("/admin/queueing/medium/add/", sent)
    assert "Pilih sebuah berkas." in answered.content.decode()


def test_a_medium_may_be_renamed_without_sending_it_again_and_removed(cast, manager):
    row = a_medium(cast)
    sent = {"hall": cast.hall.pk, "name": "Baru", "place": 3, "seconds": 15}
    assert manager.post(f"/admin/queueing/medium/{row.pk}/change/", sent).status_code == 302
    row.refresh_from_db()
    assert (row.name, row.place, bytes(row.content)) == ("Baru", 3, FILM)
    assert manager.get("/admin/queueing/medium/").status_code == 200
    manager.post(f"/admin/queueing/medium/{row.pk}/delete/", {"post": "yes"})
    assert not Medium.objects.exists()


def test_the_manager_sets_the_lobby_up(cast, manager):
    sent = {"hall": cast.hall.pk, "text_id": "Bawa KTP", "text_is_on": "on", "colour": "#1d4f91"}
    file = SimpleUploadedFile("logo.png", picture())
    answered = manager.post("/admin/queueing/lobby/add/", {**sent, "picture": file})
    assert answered.status_code == 302
    lobby = Lobby.objects.get()
    assert (lobby.messages, lobby.colour, bytes(lobby.logo[:4])) == (
        ["Bawa KTP"],
        "#1d4f91",
        b"\x89PNG",
    )


def test_a_pale_colour_is_refused_in_words(cast, manager):
    sent = {"hall": cast.hall.pk, "colour": "#f2b705"}
    answered = manager.post("/admin/queueing/lobby/add/", sent)
    assert "terlalu terang" in answered.content.decode()
