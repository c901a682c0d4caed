"""How is the hour told? A table for people, and the same for machines."""

from collections import Counter as Tally
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from queueing.nation.costs import Cost
from queueing.nation.judging import LIMIT, TOLD, Spread, Verdict
from queueing.nation.saturating import Slice

FAULTS = ("errors", "lost", "double", "unseen")


def as_data(verdict: Verdict, costs: Sequence[Cost], about: dict[str, Any]) -> dict[str, Any]:
    found = asdict(verdict)
    found |= {name: len(found[name]) for name in FAULTS}
    return {
        **about,
        **found,
        "examples": {name: getattr(verdict, name)[:TOLD] for name in FAULTS},
        "holds": verdict.holds,
        "costs": [each._asdict() for each in costs],
    }


def as_text(verdict: Verdict, costs: Sequence[Cost], about: dict[str, Any]) -> str:
    return "\n".join(
        [
            f"{name:22} {value:,}" if isinstance(value, int) else f"{name:22} {value}"
            for name, value in about.items()
        ]
        + [
            "",
            *_presses(verdict),
            "",
            *_faults(verdict),
            "",
            *_costs(costs, about),
            "",
            _whole(verdict),
        ]
    )


def _presses(verdict: Verdict) -> list[str]:
    rows = {**verdict.presses, "call to last screen": verdict.to_screen}
    if len(verdict.meanwhile) > 1:
        rows |= {f"   from minute {minute}": each for minute, each in verdict.meanwhile.items()}
    rows |= {"call to phone": verdict.to_phone}
    head = f"{'ms':22} {'count':>9} {'p50':>9} {'p95':>9} {'p99':>9}"
    return [head, *(_row(name, each) for name, each in rows.items())]


def _row(name: str, each: Spread) -> str:
    return f"{name:22} {each.count:9,} {each.p50:9.1f} {each.p95:9.1f} {each.p99:9.1f}"


def _faults(verdict: Verdict) -> list[str]:
    told = [f"{'turned away honestly':22} {verdict.turned_away:9,}"]
    for name in FAULTS:
        sentences = Tally(getattr(verdict, name))
        told.append(f"{name:22} {sentences.total():9,}")
        told += [f"    {n} x {each}" for each, n in sentences.most_common(TOLD)]
    return told


def _costs(costs: Sequence[Cost], about: dict[str, Any]) -> list[str]:
    """Return a line for each part; the milliseconds of CPU are those of a press on the mean."""
    presses = about["presses a second"] or float("inf")

    def line(name: str, cores: float, megabytes: float) -> str:
        return f"{name:22} {cores:9.2f} {1000 * cores / presses:9.1f} {megabytes:9.0f}"

    rows = [line(*each) for each in costs]
    whole = line("together", sum(e.cores for e in costs), sum(e.megabytes for e in costs))
    return [f"{'part':22} {'cores':>9} {'ms/press':>9} {'MB':>9}", *rows, whole]


def _whole(verdict: Verdict) -> str:
    if verdict.holds:
        return "It holds: nothing wrong, lost or double, and calls are on the screens in time."
    why = [] if verdict.is_sound else ["something went wrong"]
    if not verdict.is_in_time:
        why.append(f"95 of 100 calls took {verdict.to_screen.p95:.0f} ms, over {LIMIT * 1000:.0f}")
    return f"It does not hold: {'; '.join(why) or 'nobody was called'}."


def slice_text(each: Slice) -> str:
    """Return one line of the way up."""
    found, cores = each.verdict, {cost.part: cost.cores for cost in each.costs}
    web = sum(figure for part, figure in cores.items() if part.startswith("web"))
    wrong = sum(len(getattr(found, name)) for name in FAULTS)
    examples = [sentence for name in FAULTS for sentence in getattr(found, name)]
    line = (
        f"x {each.speed:5.2f} = {each.halls:4} halls {each.presses:7.1f} presses/s"
        f"  to screen p95 {found.to_screen.p95:7.1f} ms  wrong {wrong}"
        f"  cores: web {web:.2f} postgres {cores.get('postgres', 0):.2f}"
        f" worker {cores.get('worker', 0):.2f} load {cores.get('load', 0):.2f}"
    )
    return "\n".join([line, *(f"    {n} x {what}" for what, n in Tally(examples).most_common(4))])


def slice_data(each: Slice) -> dict[str, Any]:
    about = {"speed": each.speed, "halls": each.halls, "presses a second": each.presses}
    return as_data(each.verdict, each.costs, about)


def climbed(processes: int, most: Slice | None) -> str:
    if most is None:
        return f"With {processes} web process(es) it holds none of the rates that were tried."
    return f"With {processes} web process(es) it holds {most.halls} halls in their peak hour."
