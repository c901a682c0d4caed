"""Does the kiosk understand everyday words? Each alias of each service, also with a slip."""

import csv
import re

import pytest
from playwright.sync_api import Page, expect

from agencies.management.commands.load_hall import CATALOGUE

pytest_plugins = ["tests.looking", "tests.at_the_kiosk"]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("kiosk-search")]


@pytest.mark.parametrize(
    ("words", "service"),
    [
        ("pindah rumah", "A09"),
        ("KK hilang", "A08"),
        ("bikin paspor", "G01"),
        ("bayar pajak motor", "F01"),
        ("bikin pasport", "G01"),
        ("kartu keluraga", "A07"),
        ("disdukcapil", "A01"),
        ("driving licence", "H05"),
        ("birth certificate", "A13"),
    ],
)
def test_everyday_words_find_the_service(kiosk, words, service):
    kiosk.page.locator(".finder").click()
    assert service in kiosk.find(words)[:3]


def test_search_works_with_the_keyboard_on_the_screen(kiosk):
    kiosk.page.locator(".finder").click()
    kiosk.type("skcx")
    kiosk.page.get_by_label("Hapus huruf").click()
    kiosk.type("k")
    expect(kiosk.page.locator("[data-part=query]")).to_have_value("skck")
    kiosk.touch("service-H03")
    kiosk.touch("take-ticket")
    assert kiosk.label == "H-001"


def test_words_that_fit_nothing_are_answered_with_what_to_do(kiosk):
    kiosk.page.locator(".finder").click()
    assert kiosk.find("xyzzy") == []
    expect(kiosk.page.locator(".summary")).to_contain_text("silakan ke resepsionis")


# --- All aliases of all services ----------------------------------------------------------------

# Looks for many words at once, as the search screen does, and says where each service came.
PLACES = """async (asked) => {
  const { Catalogue } = await import("/static/kiosk/catalogue.js");
  const told = JSON.parse(document.getElementById("catalogue").textContent);
  const catalogue = new Catalogue(told, "id");
  return asked.map(([code, words]) => catalogue.find(words).findIndex((one) => one.code === code));
}"""
IN_SIGHT = 5  # results on the first page


def aliases() -> list[tuple[str, str]]:
    with (CATALOGUE / "aliases.csv").open() as file:
        rows = list(csv.DictReader(file))
    return [(row["code"], alias.strip()) for row in rows for alias in row["aliases"].split(";")]


def longest_of(words: str) -> str:
    return max(re.findall(r"\w+", words), key=len)


def with_a_slip(words: str) -> str:
    """Swap two letters in the middle of the longest word, as a finger in a hurry does."""
    longest = longest_of(words)
    middle = len(longest) // 2
    slipped = longest[: middle - 1] + longest[middle] + longest[middle - 1] + longest[middle + 1 :]
    return words.replace(longest, slipped)


def lost(page: Page, asked: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return what is not found on the first page of the results."""
    places = page.evaluate(PLACES, asked)
    return [one for one, place in zip(asked, places, strict=True) if not 0 <= place < IN_SIGHT]


def test_every_service_has_words_of_everyday(kiosk):
    codes = {code for code, _ in aliases()}
    assert len(codes) == 167
    assert len(aliases()) > 3 * len(codes)


@pytest.mark.slow
def test_every_alias_finds_its_service(kiosk):
    assert lost(kiosk.page, aliases()) == []


@pytest.mark.slow
def test_every_alias_with_a_slip_of_the_finger_finds_its_service(kiosk):
    long_enough = [(code, words) for code, words in aliases() if len(longest_of(words)) >= 5]
    slipped = [(code, with_a_slip(words)) for code, words in long_enough]
    assert len(slipped) > 500
    assert lost(kiosk.page, slipped) == []
