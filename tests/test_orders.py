"""What may an order say? A priority group in the hall's words, in any usual spelling."""

import pytest
from pydantic import ValidationError

from queueing.orders import VisitOrder


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        (None, ""),
        (False, ""),
        ("", ""),
        (True, "unsaid"),
        ("elderly", "elderly"),
        ("Lansia", "elderly"),
        ("ibu hamil", "pregnant"),
        ("ibu-menyusui", "nursing"),
        ("penyandang_disabilitas", "disability"),
        ("membawa balita", "small_child"),
        ("anak", "child"),
        ("korban bencana", "disaster"),
    ],
)
def test_a_group_may_be_named_as_people_name_it(wish, code):
    assert VisitOrder(services=["A01"], priority=wish).priority == code


@pytest.mark.parametrize("wish", ["vip", "pejabat", "1", 7, ["elderly"]])
def test_a_group_that_the_law_does_not_know_is_refused(wish):
    with pytest.raises(ValidationError):
        VisitOrder(services=["A01"], priority=wish)
