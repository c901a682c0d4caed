"""How is the printer? What it answers to DLE EOT, its real-time status (ESC/POS)."""

OFFLINE, ERROR, PAPER = 2, 3, 4
ASK = {number: bytes([0x10, 0x04, number]) for number in (OFFLINE, ERROR, PAPER)}

FIXED, FIXED_BITS = 0b1001_0011, 0b0001_0010
COVER_IS_OPEN = 0b0000_0100
STOPPED_WITHOUT_PAPER = 0b0010_0000
CUTTER_OR_HEAD_FAILED = 0b0110_1000
PAPER_IS_LOW = 0b0000_1100
PAPER_IS_OUT = 0b0110_0000


def is_status(byte: int) -> bool:
    """Whether a byte can be such an answer: four of its bits never change."""
    return byte & FIXED == FIXED_BITS


def state_of(offline: int, error: int, paper: int) -> str:
    """Return how a printer is, the most urgent first: `ready`, or what keeps it from printing."""
    if offline & COVER_IS_OPEN:
        return "cover_open"
    if offline & STOPPED_WITHOUT_PAPER or paper & PAPER_IS_OUT == PAPER_IS_OUT:
        return "paper_out"
    if error & CUTTER_OR_HEAD_FAILED:
        return "unknown"
    return "paper_low" if paper & PAPER_IS_LOW == PAPER_IS_LOW else "ready"
