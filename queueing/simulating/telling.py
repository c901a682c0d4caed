"""How is a simulation told to people? In plain tables, in the language that is spoken."""

from collections.abc import Iterable, Sequence

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from queueing.models import Ticket
from queueing.simulating.accuracy import Accuracy
from queueing.simulating.comparing import Saving
from queueing.simulating.summary import Summary, Waits

NOTHING = "–"  # noqa: RUF001 - a dash, not a minus


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Set the rows below the head; the first column on the left, figures on the right."""
    lines = [head, *rows]
    widths = [max(len(line[place]) for line in lines) for place in range(len(head))]
    return "\n".join(
        "  ".join(
            [line[0].ljust(widths[0]), *map(str.rjust, line[1:], widths[1:])],
        ).rstrip()
        for line in lines
    )


def one(value: float | None) -> str:
    return NOTHING if value is None else number_format(round(value, 1), 1)


def percent(share: float | None) -> str:
    return NOTHING if share is None else f"{round(100 * share)} %"


def _four(waits: Waits) -> list[str]:
    return [one(waits.mean), one(waits.p50), one(waits.p80), one(waits.p95)]


def whole(summary: Summary) -> str:
    return "\n".join([*_figures(summary), "", _agencies(summary)])


def _figures(summary: Summary) -> list[str]:
    waits, states = summary.waits, []
    for state, many in summary.states.items():
        states.append(f"{Ticket.State(state).label} {many}")
    lines = [
        _("%(days)d hari, %(people)d orang, %(numbers)d nomor: %(states)s.")
        % {
            "days": summary.days,
            "people": summary.people,
            "numbers": summary.numbers,
            "states": ", ".join(states),
        },
        _("Tidak mendapat nomor (tutup atau kuota habis): %(many)d.")
        % {"many": summary.turned_away},
        _("Menunggu (menit): rata-rata %(mean)s, p50 %(p50)s, p80 %(p80)s, p95 %(p95)s.")
        % {name: one(getattr(waits, name)) for name in ("mean", "p50", "p80", "p95")},
        _("Dipanggil ke dua loket sekaligus: %(many)d.") % {"many": summary.overlaps},
    ]
    if summary.stay is not None:
        lines.append(
            _("Beberapa keperluan: %(many)d orang, %(done)d selesai semua, %(stay)s menit di MPP.")
            % {"many": summary.several, "done": summary.stayed, "stay": one(summary.stay)}
        )
    return lines


def _agencies(summary: Summary) -> str:
    head = [_("Instansi"), _("nomor"), _("rata-rata"), "p50", "p80", "p95", _("loket sibuk")]
    return table(
        head,
        [
            [each.code, str(each.waits.many), *_four(each.waits), percent(each.busy)]
            for each in summary.agencies
        ],
    )


def accuracy(found: Accuracy) -> str:
    head = [_("Cara"), _("galat"), _("bias"), _("dalam 10 menit"), _("tepat p80")]
    names = {
        "position": _("posisi x rata-rata"),
        "configured": _("sama / loket yang ada"),
        "last_hour": _("rata-rata satu jam terakhir"),
        "les": _("orang terakhir (LES)"),
        "hol": _("orang terdepan (HOL)"),
        "ql": _("panjang antrean / loket buka (QL)"),
        "simple": _("cara sederhana MPP"),
        "hall": _("perkiraan MPP"),
    }
    rows = [
        [
            names[each.method],
            one(each.error),
            one(each.bias),
            percent(each.within),
            percent(each.kept),
        ]
        for each in found.methods
    ]
    intro = _("Perkiraan saat nomor diberikan: %(many)d nomor, %(untold)d tanpa perkiraan.")
    return f"{intro % {'many': found.many, 'untold': found.untold}}\n{table(head, rows)}"


def saved(saving: Saving) -> str:
    """Say how much less people wait, or how much more."""
    words = {"minutes": one(abs(saving.minutes)), "people": round(saving.people)}
    if saving.minutes < 0:
        sentence = _("lebih lama %(minutes)s menit rata-rata untuk %(people)d orang sehari")
    else:
        sentence = _("hemat %(minutes)s menit rata-rata untuk %(people)d orang sehari")
    text = sentence % words
    if saving.low is None:
        return f"{text}."
    bounds = sorted([saving.low, saving.high or 0], key=abs)
    sign = -1 if saving.minutes < 0 else 1
    between = {"low": one(sign * bounds[0]), "high": one(sign * bounds[1])}
    return f"{text} " + _("(95 %%: %(low)s sampai %(high)s).") % between


def side_by_side(named: Iterable[tuple[str, Waits]]) -> str:
    head = ["", _("nomor"), _("rata-rata"), "p50", "p80", "p95"]
    return table(head, [[name, str(waits.many), *_four(waits)] for name, waits in named])
