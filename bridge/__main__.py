"""Start the bridge: `python3 -m bridge --help`."""

import argparse
import re
import sys
from collections.abc import Callable

from bridge.door import Bridge
from bridge.printer import PATIENCE, SETTLE, Printer
from bridge.wires import Wire, wire_to

PORT = 9109
ORIGIN = re.compile(r"https?://[a-z0-9.:\[\]-]+")


def origin(text: str) -> str:
    if not ORIGIN.fullmatch(text):
        message = f"{text!r} is no origin; write http://192.168.1.10:8000, without a path"
        raise argparse.ArgumentTypeError(message)
    return text


def printer_at(address: str) -> Callable[[], Wire]:
    try:
        return wire_to(address)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def options() -> argparse.ArgumentParser:
    told = argparse.ArgumentParser(prog="bridge", description="From a kiosk to its printer.")
    add = told.add_argument
    where = "tcp://host:9100, file:/dev/usb/lp0 or usb:VID:PID"
    add("--printer", required=True, type=printer_at, help=where)
    allow = "the hall's address, as the kiosk's browser has it; may be repeated"
    add("--allow", required=True, action="append", type=origin, metavar="ORIGIN", help=allow)
    add("--port", type=int, default=PORT, help="on 127.0.0.1; %(default)s")
    add("--patience", type=float, default=PATIENCE, help="seconds for one slip; %(default)s")
    add("--settle", type=float, default=SETTLE, help="seconds in which it is out; %(default)s")
    add("--silent", action="store_true", help="the printer never says how it is")
    return told


def main() -> None:
    chosen = options().parse_args()
    printer = Printer(
        chosen.printer,
        patience=chosen.patience,
        settle=chosen.settle,
        is_silent=chosen.silent,
    )
    with Bridge(chosen.port, printer, chosen.allow) as bridge:
        print(f"listening on 127.0.0.1:{bridge.server_address[1]}", file=sys.stderr, flush=True)  # noqa: T201
        bridge.serve_forever()


if __name__ == "__main__":
    main()
