"""A receipt printer on a port: it takes bytes, answers DLE EOT, and can fail."""

import contextlib
import itertools
import socket
import threading
from typing import Self

READY = {2: 0b0001_0010, 3: 0b0001_0010, 4: 0b0001_0010}
STATES = {
    "ready": READY,
    "paper_low": {**READY, 4: 0b0001_1110},
    "paper_out": {**READY, 2: 0b0011_0010, 4: 0b0111_0010},
    "cover_open": {**READY, 2: 0b0001_0110},
    "cutter": {**READY, 3: 0b0001_1010},
}


class ReceiptPrinter:
    """`state` is one of STATES, or `hangs`: it takes connections and bytes, and never answers.

    `runs_out_after` bytes of a slip the paper ends; `vanishes_after` bytes the plug is pulled.
    """

    def __init__(self) -> None:
        self.state = "ready"
        self.runs_out_after = self.vanishes_after = 10**9
        self._is_off = threading.Event()
        self._places = itertools.count()
        self._on_paper: dict[int, bytes] = {}
        self._socket: socket.socket | None = None
        self.port = 0

    def __enter__(self) -> Self:
        self.switch_on()
        return self

    def __exit__(self, *error: object) -> None:
        self._is_off.set()
        self.switch_off()

    def switch_on(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", self.port))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._listen, args=[self._socket], daemon=True).start()

    def switch_off(self) -> None:
        if self._socket:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)
            self._socket.close()
            self._socket = None

    @property
    def slips(self) -> list[bytes]:
        """What came out, one for each connection that printed anything."""
        return [slip for slip in self._on_paper.values() if slip]

    @property
    def address(self) -> str:
        return f"tcp://127.0.0.1:{self.port}"

    def _listen(self, door: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                wire, _ = door.accept()
                threading.Thread(target=self._serve, args=[wire], daemon=True).start()

    def _serve(self, wire: socket.socket) -> None:
        slip, place = b"", next(self._places)
        with wire, contextlib.suppress(OSError):
            while data := wire.recv(4096):
                if self.state == "hangs":
                    self._is_off.wait(30)
                    break
                questions, slip = self._sorted(data, slip)
                self._on_paper[place] = slip
                if len(slip) > self.vanishes_after:
                    self.switch_off()
                    break
                if len(slip) > self.runs_out_after:
                    self.state = "paper_out"
                answers = STATES.get(self.state, READY)
                wire.sendall(bytes(answers[number] for number in questions))

    def _sorted(self, data: bytes, slip: bytes) -> tuple[list[int], bytes]:
        """Return the questions of real time in these bytes, and the slip so far without them."""
        questions = []
        while (place := data.find(b"\x10\x04")) >= 0:
            questions.append(data[place + 2])
            data = data[:place] + data[place + 3 :]
        return questions, slip + data
