"""What does a hall say? Its own recordings, or what was rendered; heard by every screen."""

import io
import wave

import numpy as np
import pytest
import soundfile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from agencies.models import AuditEntry
from tests.cast import make_agencies
from tests.programs import Program
from voice import hall as hall_voice
from voice import packs, recordings, screens
from voice.languages import ENGLISH, INDONESIAN
from voice.models import Recording, SpokenName, Voice, spoken_names
from voice.words import vocabulary

pytestmark = pytest.mark.long


def a_recording(seconds=0.6, level=-18.0, *, rate=44_100, kind="WAV", silence=0.3) -> bytes:
    """Return what a person might upload: a tone of several parts, with silence around it."""
    moments = np.arange(int(seconds * rate)) / rate
    voice = sum(np.sin(2 * np.pi * pitch * moments) / pitch for pitch in (220, 440, 880))
    voice *= 10 ** (level / 20) / np.sqrt(np.mean(voice**2))
    quiet = np.zeros(int(silence * rate))
    file = io.BytesIO()
    soundfile.write(file, np.concatenate([quiet, voice, quiet]), rate, format=kind)
    return file.getvalue()


def manifest(client: Client, language: str = "id") -> dict:
    return client.get(f"/hall/voice/{language}/manifest.json").json()


# --- What a screen fetches ----------------------------------------------------------------------


@pytest.mark.usefixtures("voices")
class TestWhatAScreenFetches:
    def test_the_manifest_names_every_word(self, client, cast):
        clips = manifest(client)["clips"]
        assert {*INDONESIAN.clips(), "chime"} <= set(clips)
        assert {clip["own"] for clip in clips.values()} == {False}

    def test_a_clip_may_be_kept_for_ever(self, client, cast):
        url = manifest(client)["clips"]["satu"]["url"]
        response = client.get(url)
        assert response.headers["Content-Type"] == "audio/wav"
        assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert packs.digest_of(response.content) in url

    def test_the_manifest_itself_is_asked_for_anew(self, client, cast):
        response = client.get("/hall/voice/id/manifest.json")
        assert response.headers["Cache-Control"] == "no-cache"

    @pytest.mark.parametrize(
        "path",
        [
            "id/satu.000000000000.wav",
            "id/no-such-word.000000000000.wav",
            "xx/manifest.json",
            "xx/example.wav",
            "xx/satu.000000000000.wav",
            "id/..%2Fmanifest.000000000000.wav",
        ],
    )
    def test_what_is_not_there_is_not_found(self, client, cast, path):
        assert client.get(f"/hall/voice/{path}").status_code == 404

    def test_another_hall_does_not_exist(self, client, cast):
        assert client.get("/nowhere/voice/id/manifest.json").status_code == 404

    def test_an_example_is_one_piece(self, client, cast):
        response = client.get("/hall/voice/id/example.wav")
        with wave.open(io.BytesIO(response.content)) as file:
            assert 5 < file.getnframes() / file.getframerate() < 12

    def test_more_agencies_ask_no_more(self, client, cast, django_assert_num_queries):
        with django_assert_num_queries(4) as few:
            manifest(client)
        make_agencies(cast.hall, {"C": [4], "D": [5]})
        with django_assert_num_queries(len(few)):
            manifest(client)


def test_before_anything_is_rendered_a_screen_hears_nothing(client, cast, tmp_path, settings):
    settings.VAR_DIR = tmp_path
    assert manifest(client)["clips"] == {}
    assert client.get("/hall/voice/id/example.wav").status_code == 404


# --- What a screen tells of itself --------------------------------------------------------------


@pytest.fixture
def tell(cast, monkeypatch, caplog):
    """Report as the display of the hall; return the lines of the log that are new."""
    monkeypatch.setattr(screens, "_told", {})

    def tell(sound: str, *missing: str) -> list[str]:
        caplog.clear()
        report = {"epoch": str(cast.hall.epoch), "version": 0, "sound": sound, "missing": missing}
        assert Program(cast, "display").post("displays/shown", report).status_code == 200
        own = [record for record in caplog.records if record.name == "voice.screens"]
        return [f"{record.levelname} {record.getMessage()}" for record in own]

    return tell


def test_a_screen_that_cannot_be_heard_is_a_warning_once(tell):
    warning = "WARNING the sound of display 1 is blocked; missing clips: 0"
    assert tell("blocked") == [warning]
    assert tell("blocked") == []


def test_a_screen_names_the_clips_that_it_lacks(tell):
    warning = "WARNING the sound of display 1 is ready; missing clips: id satu, id dua"
    assert tell("ready", "id satu", "id dua") == [warning]


def test_a_screen_of_an_older_release_tells_nothing_of_its_sound(tell):
    assert tell("") == []


# --- How an agency is called --------------------------------------------------------------------


def named(cast, short_name: str, language=INDONESIAN) -> str:
    cast.a.short_name = short_name
    cast.a.save()
    return spoken_names([cast.a], language)["A"]


@pytest.mark.parametrize(
    ("short_name", "spoken"),
    [
        ("BPJS Kesehatan", "be pe je es Kesehatan"),
        ("DPMPTSP", "de pe em pe te es pe"),
        ("Samsat", "Samsat"),
    ],
)
def test_a_short_name_is_said_as_people_say_it(cast, short_name, spoken):
    assert named(cast, short_name) == spoken


def test_an_english_call_spells_in_english(cast):
    assert named(cast, "BPJS Kesehatan", ENGLISH) == "B P J S Kesehatan"


def test_the_hall_may_say_a_name_its_own_way(cast):
    SpokenName.objects.create(hall=cast.hall, agency=cast.a, spoken_id="dukcapil")
    assert named(cast, "Disdukcapil") == "dukcapil"
    assert named(cast, "Disdukcapil", ENGLISH) == "dukcapil"


# --- Recordings ---------------------------------------------------------------------------------


def level_of(sound: bytes) -> float:
    samples, rate = soundfile.read(io.BytesIO(sound))
    assert rate == 22_050
    return float(10 * np.log10(np.mean(samples[300:-300] ** 2)))


@pytest.mark.parametrize("kind", ["WAV", "MP3", "OGG"])
@pytest.mark.parametrize("level", [-35, -18])
def test_a_recording_comes_out_trimmed_and_level(kind, level):
    fit = recordings.listened_to(a_recording(0.6, level, kind=kind))
    assert level_of(fit.sound) == pytest.approx(-20, abs=1.5)
    assert fit.seconds == pytest.approx(0.63, abs=0.06)
    assert fit.warning == ""


@pytest.mark.parametrize("rate", [8_000, 16_000, 48_000])
def test_any_usual_rate_is_understood(rate):
    fit = recordings.listened_to(a_recording(rate=rate))
    assert fit.seconds == pytest.approx(0.63, abs=0.03)


def test_two_channels_become_one():
    file = io.BytesIO()
    mono, rate = soundfile.read(io.BytesIO(a_recording()))
    soundfile.write(file, np.column_stack([mono, mono]), rate, format="WAV")
    with wave.open(io.BytesIO(recordings.listened_to(file.getvalue()).sound)) as kept:
        assert kept.getnchannels() == 1


REFUSED = {
    "not a recording": (b"<script>alert(1)</script>" * 40, "Ini bukan rekaman suara"),
    "nothing": (b"", "Ini bukan rekaman suara"),
    "half a file": (a_recording(kind="OGG")[:40], "Ini bukan rekaman suara"),
    "another kind": (a_recording(kind="AIFF"), "tidak dikenal"),
    "too long": (a_recording(10.5), "terlalu panjang"),
    "too quiet": (a_recording(level=-55), "terlalu pelan"),
    "silence": (a_recording(level=-200), "terlalu pelan"),
    "a click": (a_recording(0.004), "Tidak terdengar"),
    "clipped": (a_recording(level=3), "terlalu keras"),
}


@pytest.mark.parametrize("why", REFUSED)
def test_an_unfit_recording_is_refused_in_words(why):
    content, told = REFUSED[why]
    with pytest.raises(recordings.Unfit, match=told):
        recordings.listened_to(content)


def test_a_file_that_is_too_large_is_not_even_read():
    file = SimpleUploadedFile("a.wav", b"x" * (recordings.BIGGEST + 1))
    with pytest.raises(recordings.Unfit, match="paling banyak 2 MB"):
        recordings.checked(file)
    assert file.tell() == 0


def test_a_quiet_recording_is_kept_with_a_warning():
    assert "Agak pelan" in recordings.listened_to(a_recording(level=-42)).warning


def test_an_own_recording_takes_the_rendered_ones_place(client, cast, voices):
    before = manifest(client)["clips"]["satu"]["url"]
    fit = recordings.listened_to(a_recording())
    recordings.record(cast.hall, INDONESIAN, "satu", "satu", fit)
    told = manifest(client)["clips"]["satu"]
    assert (told["own"], told["url"] != before) == (True, True)
    assert client.get(told["url"]).content == fit.sound
    recordings.reset(cast.hall, INDONESIAN, "satu")
    assert manifest(client)["clips"]["satu"]["url"] == before


def test_a_recording_is_heard_in_its_own_hall_only(client, cast, next_door, voices):
    fit = recordings.listened_to(a_recording())
    recordings.record(next_door.hall, INDONESIAN, "satu", "satu", fit)
    assert manifest(client)["clips"]["satu"]["own"] is False
    address = hall_voice.address(cast.hall, INDONESIAN, "satu", packs.digest_of(fit.sound))
    assert client.get(address).status_code == 404


# --- In the admin -------------------------------------------------------------------------------


@pytest.fixture
def manager(cast) -> Client:
    cast.manager.is_staff = True
    cast.manager.save()
    browser = Client()
    browser.force_login(cast.manager)
    return browser


@pytest.fixture
def voice(cast) -> Voice:
    return Voice.objects.create(hall=cast.hall)


def page(voice: Voice, language: str = "id") -> str:
    return reverse("admin:voice_record", args=[voice.pk, language])


def upload(browser: Client, voice: Voice, clip: str, content: bytes, **more):
    file = SimpleUploadedFile("../../etc/evil.wav", content, "audio/wav")
    return browser.post(page(voice), {"clip": clip, "file": file, **more}, follow=True)


def told(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


@pytest.mark.usefixtures("voices")
class TestInTheAdmin:
    def test_every_hall_has_a_voice_as_soon_as_somebody_looks(self, cast, manager):
        manager.get(reverse("admin:voice_voice_changelist"))
        assert Voice.objects.get().hall == cast.hall

    def test_every_word_is_listed_with_the_text_to_say(self, cast, manager, voice):
        shown = manager.get(page(voice)).content.decode()
        names = spoken_names(cast.hall.agencies.all(), INDONESIAN).values()
        for name, text in vocabulary(INDONESIAN, names).items():
            assert f'data-testid="word-{name}"' in shown
            assert text in shown
        assert "0 dari" in shown

    def test_the_setting_leads_to_the_words(self, manager, voice):
        change = reverse("admin:voice_voice_change", args=[voice.pk])
        shown = manager.get(change).content.decode()
        link = reverse("admin:voice_voice_listen_and_record", args=[voice.pk])
        assert link in shown
        assert manager.get(link).url == page(voice)

    def test_what_nobody_has_confirmed_says_so(self, manager, voice):
        assert "Belum dipastikan" in manager.get(page(voice, "min")).content.decode()
        assert "Belum dipastikan" not in manager.get(page(voice)).content.decode()

    def test_a_recording_is_kept_and_audited(self, cast, manager, voice):
        response = upload(manager, voice, "satu", a_recording())
        assert told(response) == ["Rekaman disimpan dan disamakan kerasnya."]
        kept = Recording.objects.get()
        assert (kept.hall, kept.language, kept.clip) == (cast.hall, "id", "satu")
        entry = AuditEntry.objects.filter(kind="change").first()
        assert entry.detail["saved"] == "record id satu"

    def test_an_unfit_recording_changes_nothing(self, manager, voice):
        response = upload(manager, voice, "satu", b"no sound at all")
        assert told(response) == ["“satu”: Ini bukan rekaman suara. Pakai WAV, MP3, atau OGG."]
        assert not Recording.objects.exists()

    def test_a_form_without_a_file_says_so(self, manager, voice):
        response = manager.post(page(voice), {"clip": "satu"}, follow=True)
        assert told(response) == ["Pilih dulu berkas rekamannya."]

    def test_the_rendered_word_comes_back(self, manager, voice):
        upload(manager, voice, "satu", a_recording())
        manager.post(page(voice), {"clip": "satu", "reset": "1"})
        assert not Recording.objects.exists()

    def test_a_word_that_no_call_needs_is_not_found(self, manager, voice):
        assert upload(manager, voice, "../satu", a_recording()).status_code == 404

    def test_a_language_that_nobody_speaks_is_not_found(self, manager, voice):
        assert manager.get(page(voice, "xx")).status_code == 404

    def test_the_voice_of_another_hall_does_not_exist(self, next_door, manager):
        theirs = Voice.objects.create(hall=next_door.hall)
        assert manager.get(page(theirs)).status_code == 404
        assert upload(manager, theirs, "satu", a_recording()).status_code == 404
        assert not Recording.objects.exists()

    @pytest.mark.parametrize("role", ["officer", "supervisor", "greeter"])
    def test_nobody_else_records(self, cast, voice, role):
        person = getattr(cast, role)
        person.is_staff = True
        person.save()
        browser = Client()
        browser.force_login(person)
        assert upload(browser, voice, "satu", a_recording()).status_code == 403
        assert not Recording.objects.exists()
