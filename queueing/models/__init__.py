"""What happens in the hall: visits, tickets, and the log of all that came of them."""

from queueing.models.devices import Device, Pairing
from queueing.models.estimates import (
    Accuracy,
    Estimate,
    Expectation,
    Forecast,
    Habit,
    ServiceTime,
    Why,
)
from queueing.models.help import HelpCall
from queueing.models.lobby import Lobby, Medium, lobby_of
from queueing.models.past import HalfHour
from queueing.models.push import PushSubscription
from queueing.models.running import Canary, Command, DayClose, Flood, Seat
from queueing.models.slips import Outcome, PrintJob, SlipDesign, SlipPrint
from queueing.models.tickets import (
    OPEN_STATES,
    QueueDay,
    Ticket,
    TicketEvent,
    TicketQuerySet,
    Visit,
    new_token,
)

__all__ = [
    "OPEN_STATES",
    "Accuracy",
    "Canary",
    "Command",
    "DayClose",
    "Device",
    "Estimate",
    "Expectation",
    "Flood",
    "Forecast",
    "Habit",
    "HalfHour",
    "HelpCall",
    "Lobby",
    "Medium",
    "Outcome",
    "Pairing",
    "PrintJob",
    "PushSubscription",
    "QueueDay",
    "Seat",
    "ServiceTime",
    "SlipDesign",
    "SlipPrint",
    "Ticket",
    "TicketEvent",
    "TicketQuerySet",
    "Visit",
    "Why",
    "lobby_of",
    "new_token",
]
