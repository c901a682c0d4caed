"""One opinion a number, against two real web processes. The twin without the constraint fails."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial

import pytest
import requests

from tests.running import RunningHall, at_once
from tests.surveys import form
from tests.test_races import held_back

pytestmark = pytest.mark.xdist_group("survey")
HIDDEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
COUNT = "SELECT count(*) FROM survey_questionnaire"
ONE_A_TICKET = "survey_questionnaire_ticket_id_key"


@pytest.fixture
def address(hall) -> str:
    """The address of the survey of somebody who was served."""
    token = hall.take("F01").json()["visit"]["token"]
    for verb in ("call-next", "start", "finish"):
        hall.press(14, verb)
    return f"{hall.url}/v/{token}/survey"


class Phone:
    """A browser that has opened the page; `send` sends its form."""

    def __init__(self, address: str) -> None:
        self.address, self.browser = address, requests.Session()
        found = HIDDEN.search(self.browser.get(address).text)
        assert found
        self.token = found[1]

    def send(self, said: dict[str, str]) -> int:
        body = {**said, "csrfmiddlewaretoken": self.token}
        answer = self.browser.post(self.address, body, allow_redirects=False, timeout=30)
        return answer.status_code


@pytest.fixture
def let_go_of_two(hall) -> Iterator[Callable[[], None]]:
    yield from held_back(hall, "INSERT", 2, "survey_questionnaire")


@pytest.fixture
def without_the_constraint(hall) -> Iterator[RunningHall]:
    table = "ALTER TABLE survey_questionnaire"
    hall.rows(f"{table} DROP CONSTRAINT {ONE_A_TICKET}")
    yield hall
    hall.rows("TRUNCATE survey_questionnaire CASCADE")
    hall.rows(f"{table} ADD CONSTRAINT {ONE_A_TICKET} UNIQUE (ticket_id)")


def from_two_phones(address: str, *also: Callable[[], None]) -> list[int]:
    """Let two people answer for one number at the same instant, differently."""
    works = [partial(Phone(address).send, form(scores)) for scores in ("111111111", "444444444")]
    return sorted(at_once([*works, *also])[:2])


def test_of_two_simultaneous_answers_one_stays(hall, address, let_go_of_two):
    assert from_two_phones(address, let_go_of_two) == [302, 409]
    assert hall.rows(COUNT) == [(1,)]


def test_without_the_constraint_both_would_stay(without_the_constraint, address, let_go_of_two):
    assert from_two_phones(address, let_go_of_two) == [302, 302]
    assert without_the_constraint.rows(COUNT) == [(2,)]


def test_four_taps_on_one_button_are_one_answer_and_four_thanks(hall, address):
    phone, said = Phone(address), form()
    assert Counter(at_once([partial(phone.send, said) for _ in range(4)])) == {302: 4}
    assert hall.rows(COUNT) == [(1,)]
