"""Two questions are on their way at once: which answer does a page believe?"""

import pytest
from playwright.sync_api import Page, expect

pytest_plugins = ["tests.looking"]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("overtaking")]

# Asks twice; the answers come in the order of `places`, each with its own place as the hall's name.
ASK_TWICE = """async ([path, name, places]) => {
  const { [name]: Kind } = await import(path);
  const catalogue = new Kind({ hall: "painted", agencies: [] }, "id");
  const [answers, { fetch }] = [[], window];
  window.fetch = () => new Promise((resolve) => answers.push(resolve));
  const questions = [catalogue.refresh(), catalogue.refresh()];
  window.fetch = fetch;
  for (const place of places) {
    answers[place](Response.json({ hall: ["older", "newer"][place], agencies: [] }));
    await questions[place];
  }
  return catalogue.hall;
}"""

# Looks for the first label and, while that is on its way, for the second; the second comes first.
LOOK_TWICE = """async ([first, second]) => {
  const { Found } = await import("/static/greeter/found.js");
  const found = new Found({ services: new Map() }, new EventTarget());
  const [was, is] = [await found.ask(first), await found.ask(second)];
  is.ticket.state = "called";
  const [answers, { fetch }] = [[], window];
  window.fetch = () => new Promise((resolve) => answers.push(resolve));
  const [older, newer] = [found.look(first), found.look(second)];
  window.fetch = fetch;
  answers[1](Response.json(is));
  await newer;
  answers[0](Response.json(was));
  await older;
}"""


@pytest.fixture
def page(hall, look) -> Page:
    hall.take("A01"), hall.take("A01")
    return look("greeter", who=hall.demo["greeter"])


@pytest.mark.parametrize(
    "catalogue", [("kiosk/catalogue.js", "Catalogue"), ("greeter/offers.js", "Offers")]
)
@pytest.mark.parametrize(
    ("places", "believed"), [((1, 0), "newer"), ((0, 1), "newer"), ((0,), "older")]
)
def test_an_older_answer_never_replaces_a_newer_one(page, catalogue, places, believed):
    path, name = catalogue
    assert page.evaluate(ASK_TWICE, [f"/static/{path}", name, places]) == believed


def test_a_number_that_was_found_does_not_fall_back_to_what_it_was(page):
    page.evaluate(LOOK_TWICE, ["A-001", "A-001"])
    expect(page.get_by_test_id("found-state")).to_have_text("Dipanggil")


def test_a_number_that_is_looked_for_comes_however_late(page):
    page.evaluate(LOOK_TWICE, ["A-002", "A-001"])
    expect(page.get_by_test_id("found-label")).to_have_text("A-002")
