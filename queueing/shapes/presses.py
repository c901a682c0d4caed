"""What does every press need, and what may be answered instead?"""

from ninja import Schema

from queueing.commands import LONGEST_KEY


class Problem(Schema):
    """Every refusal: a code for programs, a sentence for people in the language asked for."""

    code: str
    message: str


PRESS = {
    "parameters": [
        {
            "in": "header",
            "name": "Idempotency-Key",
            "required": True,
            "description": "The same key with the same body is answered the same, once done.",
            "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY},
        }
    ]
}
REFUSED = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}
REFUSED |= {413: Problem, 429: Problem, 503: Problem}
NOT_FOUND = {404: Problem, 503: Problem}
