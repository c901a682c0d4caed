"""How soon does the desk react to a press? Measured beside an empty POST, in the same run.

pytest -m slow tests/test_desk_speed.py --junitxml=speed.xml -o junit_family=xunit1
"""

from statistics import median

import pytest

from tests.desks import at_desk, events

pytest_plugins = ["tests.looking"]
pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("desk-speed")]

TIMES = 15

# From a press to the frame that shows the button at work, and to the frame with the hall's answer.
PRESS = """(selector) => new Promise((done) => {
  const button = document.querySelector(selector);
  const { mode } = button.dataset;
  const began = performance.now();
  const took = {};
  const look = () => {
    if (button.getAttribute("aria-busy") === "true") took.reaction ??= performance.now() - began;
    if (button.dataset.mode !== mode) return done({ ...took, answer: performance.now() - began });
    requestAnimationFrame(look);
  };
  button.click();
  requestAnimationFrame(look);
})"""
EMPTY_POST = """async () => {
  const began = performance.now();
  await (await fetch("/health/live", { method: "POST" })).text();
  return performance.now() - began;
}"""


def test_a_press_is_seen_at_once_and_answered_soon(hall, look, record_property):
    for _ in range(TIMES):
        hall.take("A01")
    page = at_desk(hall, look)
    posts, presses = [], []
    for _ in range(TIMES):
        posts.append(page.evaluate(EMPTY_POST))
        presses.append(page.evaluate(PRESS, "#main-action"))
        hall.press(1, "hold") if len(presses) % 2 == 0 else None
    post = median(posts)
    figures = {name: median(press[name] for press in presses) for name in ("reaction", "answer")}
    record_property("empty_post_ms", round(post, 1))
    for name, took in figures.items():
        record_property(f"{name}_ms", round(took, 1))
        record_property(f"{name}_per_empty_post", round(took / post, 2))
    assert figures["reaction"] < figures["answer"]
    assert events(hall, "call")
