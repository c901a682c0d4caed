"""How does a clip sound? Without silence around it, as loud as all others, never clipped."""

import json
import os
import re
import stat
import subprocess
import sys
import wave

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from mpp.options import REPOSITORY
from tests.cast import make_agencies, make_agency, make_hall
from tests.voices import rendered, words
from voice import hall, packs, sound, speaking, tasks
from voice.languages import INDONESIAN, LANGUAGES
from voice.models import SpokenName, Voice
from voice.words import vocabulary

pytestmark = pytest.mark.long

CODES = list(LANGUAGES)


@pytest.fixture(scope="module")
def var():
    return rendered()


@pytest.fixture
def silent(tmp_path, settings):
    """An installation in which nothing was rendered yet."""
    settings.VAR_DIR = tmp_path
    return tmp_path


def heard(language: str, name: str):
    """Return the samples of a clip as a player would read them."""
    clip = packs.clips_of(language)[name]
    with wave.open(str(packs.file_of(language, name, clip.digest))) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 22_050)
        return np.frombuffer(file.readframes(file.getnframes()), "<i2") / 32768


# --- The clips ----------------------------------------------------------------------------------


@pytest.mark.usefixtures("voices")
@pytest.mark.parametrize("language", CODES)
class TestEveryClip:
    def test_is_there_with_its_text(self, language):
        clips = packs.clips_of(language)
        assert {name: clip.text for name, clip in clips.items()} == words(LANGUAGES[language])

    def test_is_as_loud_as_the_others(self, language):
        levels = {name: level_of(heard(language, name)) for name in packs.clips_of(language)}
        assert {name: level for name, level in levels.items() if abs(level + 20) > 1.5} == {}

    def test_is_never_clipped(self, language):
        peaks = [np.abs(heard(language, name)).max() for name in packs.clips_of(language)]
        assert max(peaks) < 0.9

    def test_begins_and_ends_with_what_is_said(self, language):
        for name in packs.clips_of(language):
            samples = heard(language, name)
            edge = int(0.06 * 22_050)
            assert np.abs(samples[:edge]).max() > 0.003, name
            assert np.abs(samples[-edge:]).max() > 0.001, name
            assert np.abs(samples[[0, -1]]).max() < 0.001, name

    def test_lasts_as_long_as_its_text(self, language):
        clips = packs.clips_of(language)
        assert 1.0 <= clips["chime"].seconds <= 1.5
        read = {name for name in clips if name.startswith(("screen-", "service-"))}
        spoken = [clips[name].seconds for name in set(clips) - read - {"chime"}]
        assert min(spoken) > 0.2
        assert max(spoken) < 2.5
        assert all(clips[name].seconds < 1 + len(clips[name].text) / 8 for name in read)


def level_of(samples) -> float:
    """Measure by another way than the product does: the loudest 50 ms windows, over 60 %."""
    window = int(0.05 * 22_050)
    powers = [np.mean(samples[i : i + window] ** 2) for i in range(0, len(samples), window // 2)]
    loud = [power for power in powers if power > max(powers) / 100]
    return float(10 * np.log10(np.mean(loud)))


@pytest.mark.usefixtures("voices")
def test_a_whole_call_takes_no_longer_than_the_hall_has():
    """500 visits a day leave 22 s for a call; chime, Indonesian and English need about 13."""
    seconds = {
        code: {name: clip.seconds for name, clip in packs.clips_of(code).items()} for code in CODES
    }
    id_words = "number letter-a nol satu dua agency-disdukcapil go dua puluh tujuh"
    en_words = "number letter-a zero one two agency-disdukcapil go twenty seven"
    spoken = sum(seconds["id"][name] for name in ["chime", *id_words.split()])
    spoken += sum(seconds["en"][name] for name in en_words.split())
    assert 10 < spoken < 16


# --- Levelling ----------------------------------------------------------------------------------


def tone(seconds: float, level: float, pitch: float = 300):
    moments = np.arange(int(seconds * 22_050)) / 22_050
    return np.sin(2 * np.pi * pitch * moments) * np.sqrt(2) * 10 ** (level / 20)


@pytest.mark.parametrize("level", [-50, -20, -6])
def test_quiet_and_loud_come_out_the_same(level):
    assert sound.loudness(sound.levelled(tone(0.5, level))) == pytest.approx(-20, abs=0.1)


def test_a_pause_inside_does_not_make_a_clip_louder():
    with_pause = np.concatenate([tone(0.3, -30), np.zeros(11_025), tone(0.3, -30)])
    assert sound.loudness(with_pause) == pytest.approx(-30, abs=0.5)


def test_silence_at_both_ends_goes():
    quiet = np.concatenate([np.zeros(22_050), tone(0.4, -20), np.zeros(22_050)])
    assert len(sound.trimmed(quiet)) / 22_050 == pytest.approx(0.43, abs=0.02)


def test_nothing_at_all_stays_nothing():
    assert len(sound.trimmed(np.zeros(22_050))) == 0


@pytest.mark.parametrize("rate", [8_000, 44_100, 48_000])
def test_another_rate_keeps_pitch_and_length(rate):
    moments = np.arange(rate) / rate
    samples = sound.resampled(np.sin(2 * np.pi * 440 * moments), rate)
    assert len(samples) == 22_050
    assert np.argmax(np.abs(np.fft.rfft(samples))) == 440


@pytest.mark.parametrize(
    ("seconds", "level"), [(0.0, 0.1), (0.05, 0.1), (4.0, 0.1), (600.0, 0.1), (0.6, 0.0005)]
)
@pytest.mark.slow
def test_what_cannot_be_speech_is_told_from_it(seconds, level):
    def tone(seconds: float, level: float):
        return level * np.sin(np.arange(int(seconds * 22_050)) / 5)

    assert sound.is_speech(tone(0.6, 0.1), "satu")
    assert not sound.is_speech(tone(seconds, level), "satu")


@pytest.mark.slow
def test_speech_that_stays_wrong_is_tried_again_and_not_kept(silent, caplog):
    far_too_long_for_its_letters = "9" * 18
    with pytest.raises(speaking.NoSpeech):
        packs.render(INDONESIAN, {"satu": "satu", "nines": far_too_long_for_its_letters})
    assert [record.clips for record in caplog.records] == [["nines"]] * packs.ATTEMPTS
    assert packs.clips_of("id") == {}


def test_a_peak_is_bent_and_not_cut_off():
    loud = sound.levelled(np.concatenate([tone(0.2, -40), tone(0.01, -10), tone(0.2, -40)]))
    assert np.abs(loud).max() < 0.9


# --- Rendering ----------------------------------------------------------------------------------


def test_a_second_time_nothing_is_rendered(silent):
    texts = vocabulary(INDONESIAN, [])
    assert packs.render(INDONESIAN, texts) == len(texts)
    assert packs.render(INDONESIAN, texts) == 0


def test_a_new_word_is_rendered_alone(silent):
    packs.render(INDONESIAN, {"satu": "satu"})
    before = packs.clips_of("id")["satu"]
    assert packs.render(INDONESIAN, {"satu": "satu", "agency-baznas": "Baznas"}) == 1
    assert packs.clips_of("id")["satu"] == before


def test_a_spoiled_manifest_is_rendered_anew(silent):
    packs.render(INDONESIAN, {"satu": "satu"})
    (packs.folder("id") / "manifest.json").write_text("{")
    assert packs.render(INDONESIAN, {"satu": "satu"}) == 1


def test_the_manifest_tells_language_rate_and_who_has_confirmed_it(var):
    for code in CODES:
        told = json.loads((var / "voice" / code / "manifest.json").read_text())
        assert (told["language"], told["sample_rate"]) == (code, 22_050)
        assert told["confirmed"] is (code != "min")


def test_nobody_else_reads_the_folder(silent):
    packs.render(INDONESIAN, {"satu": "satu"})
    assert stat.S_IMODE(packs.folder("id").stat().st_mode) == 0o700


def test_a_machine_without_a_speaker_says_so(cast, silent, monkeypatch, tmp_path_factory):
    without = tmp_path_factory.mktemp("without")
    (without / "espeakng_loader.py").write_text("raise ImportError")
    (without / "sitecustomize.py").write_text(
        "import ctypes.util; ctypes.util.find_library = lambda name: None"
    )
    monkeypatch.setenv("PYTHONPATH", str(without))
    monkeypatch.setattr(packs.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(packs.ctypes.util, "find_library", lambda name: None)
    with pytest.raises(CommandError, match=r"eSpeak NG is missing.*docs/voice\.md"):
        call_command("render_voice")
    assert packs.health() == {"status": "no_speech"}
    tasks.render_voice()
    assert packs.clips_of("id") == {}


def test_the_machines_own_library_does_as_well(silent):
    """What Debian's package brings is the same library: here the packaged one plays its part."""
    import espeakng_loader  # noqa: PLC0415

    program = (
        "import ctypes.util, sys; sys.modules['espeakng_loader'] = None;"
        f"ctypes.util.find_library = lambda name: {espeakng_loader.get_library_path()!r};"
        "from voice import speaking; assert len(speaking.Speaker('id').say('satu')) > 5000"
    )
    env = {**os.environ, "ESPEAK_DATA_PATH": espeakng_loader.get_data_path()}
    subprocess.run([sys.executable, "-c", program], cwd=REPOSITORY, env=env, check=True)  # noqa: S603


def test_a_speaker_that_dies_costs_no_more_than_its_words(silent, monkeypatch, tmp_path_factory):
    dying = tmp_path_factory.mktemp("dying")
    (dying / "espeakng_loader.py").write_text("import os; os.kill(os.getpid(), 11)")
    monkeypatch.setenv("PYTHONPATH", str(dying))
    with pytest.raises(speaking.NoSpeech):
        packs.render(INDONESIAN, {"satu": "satu"})
    monkeypatch.delenv("PYTHONPATH")
    assert packs.render(INDONESIAN, {"satu": "satu"}) == 1


def test_the_health_page_tells_whether_there_is_a_voice(silent):
    assert packs.health() == {"status": "not_rendered_yet"}
    packs.render(INDONESIAN, {"satu": "satu"})
    assert packs.health() == {"status": "ok"}


def test_a_web_process_never_loads_what_only_rendering_needs():
    """It is 30 MB in each of them."""
    program = "import sys, mpp.wsgi, mpp.urls, voice.tasks; print(sorted(sys.modules))"
    command = [sys.executable, "-c", program]
    loaded = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True)  # noqa: S603
    assert "'voice.hall'" in loaded.stdout
    assert not {"numpy", "soundfile"} & set(re.findall(r"'(\w+)'", loaded.stdout))


# --- Which clips a hall needs -------------------------------------------------------------------


def test_the_agencies_of_the_hall_are_rendered_too(cast, silent):
    call_command("render_voice", verbosity=0)
    assert packs.clips_of("id")["agency-agency-a"].text == "Agency A"
    assert hall.missing() == {}


def test_a_spoken_form_of_the_halls_own_is_a_new_clip(cast, silent):
    call_command("render_voice", verbosity=0)
    SpokenName.objects.create(hall=cast.hall, agency=cast.a, spoken_id="e jen si a")
    assert hall.missing() == {
        "id": {"agency-e-jen-si-a": "e jen si a"},
        "en": {"agency-e-jen-si-a": "e jen si a"},
    }


def test_minangkabau_is_rendered_for_who_wants_it(cast, silent):
    assert set(hall.needed()) == {"id", "en"}
    Voice.objects.create(hall=cast.hall, speaks_minangkabau=True, speaks_english=False)
    assert set(hall.needed()) == {"id", "min"}


def test_a_country_asks_no_more_than_a_hall(cast, django_assert_max_num_queries):
    with django_assert_max_num_queries(12) as few:
        alone = hall.needed()
    for number in range(3):
        make_agencies(make_hall(f"mpp-{number}"), {"A": [number + 1], "B": []})
    with django_assert_max_num_queries(len(few)):
        assert hall.needed() == alone


def test_each_name_of_each_hall_is_needed_in_its_languages(cast):
    there = make_hall("there")
    agency = make_agency(there, "A", [1])
    SpokenName.objects.create(hall=there, agency=agency, spoken_id="a sana", spoken_en="a there")
    there.services.update(name_id="Layanan di sana", name_en="A service there")
    Voice.objects.create(hall=there, speaks_minangkabau=True)
    needed = hall.needed()
    names = {"agency-agency-a", "agency-a-sana"}
    assert names <= set(needed["id"])
    assert "service-layanan-di-sana" in needed["id"]
    assert {"agency-agency-a", "agency-a-there", "service-a-service-there"} <= set(needed["en"])
    assert names & set(needed["min"]) == {"agency-a-sana"}


def test_a_hall_without_a_voice_needs_none(cast):
    Voice.objects.create(hall=cast.hall, is_on=False)
    assert hall.needed() == {}


def test_the_clock_renders_what_is_missing_once(cast, silent, monkeypatch):
    asked = []

    def run(command, **options):
        asked.append(command[-1])
        return subprocess.CompletedProcess(command, 1, "", "no")

    monkeypatch.setattr(tasks.subprocess, "run", run)
    monkeypatch.setattr(tasks, "_tried", [])
    tasks.render_voice(), tasks.render_voice()
    assert asked == ["render_voice"]
