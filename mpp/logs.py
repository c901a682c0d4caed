"""What may stand in a log? One JSON object a line, without tokens, keys or personal numbers."""

import re
from typing import Any

import structlog

HIDDEN = "…"
SECRETS = (
    re.compile(r"(?<=/v/)[\w-]{8,}"),  # the token of a visit
    re.compile(r"(?<=/visits/)[\w-]{8,}"),
    re.compile(r"(?i)(?<=bearer )\S+"),
    re.compile(r"(?<=pair=)[\w-]+"),
    re.compile(r"(?<=://)[^/\s@]+(?=@)"),  # the user and password of an address
    re.compile(r"(?<!\d)\d{16}(?!\d)"),  # NIK, the number of a citizen
    re.compile(r"(?<!\d)(?:\+62|0)8\d{7,11}(?!\d)"),  # the number of a telephone
)


def without_secrets(text: str) -> str:
    for secret in SECRETS:
        text = secret.sub(HIDDEN, text)
    return text


def hide_secrets(logger: Any, name: str, line: dict[str, Any]) -> dict[str, Any]:
    """Hide what nobody may read later, wherever in the line it stands."""
    return {
        key: without_secrets(str(value))
        if isinstance(value, str | BaseException | tuple | list | dict)
        else value
        for key, value in line.items()
    }


def formatter() -> dict[str, Any]:
    """Return the formatter for Django's LOGGING setting."""
    return {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": [
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.ExtraAdder(allow=("status_code",)),
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        ],
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            hide_secrets,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    }
