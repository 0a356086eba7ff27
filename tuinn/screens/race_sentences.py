"""What the Race screen says of a race: who leads, what differs, what has gone wrong."""

from __future__ import annotations

from collections.abc import Sequence

from tuinn.comparison import FIGURES, Result, best, deciding, label_of, notes, order
from tuinn.numbers import significant
from tuinn.race import Race, Racer
from tuinn.widgets.status import Sentence

MOST_LABELS = 4
"""Differences that a sentence names."""
NOTHING = "Nothing is raced yet: p picks 2 to 6 presets. In the picker tab marks them."
"""What the screen says where there is no race."""
PICK = "p picks the presets to race."
LOOK = "See how each loss falls over the epochs."
"""What to do where no figure tells who is better."""


def sentence(race: Race | None, current: int | None, guess: int | None) -> Sentence:
    """The sentence of the moment, while there is nothing else to say.

    ``current``: the place of the run in focus; ``guess``: of the one that was to win.
    """
    if race is None:
        return Sentence(PICK)
    if failed := [racer for racer in race.racers if racer.failure]:
        return _failed(race, failed)
    results = race.results
    if race.stored:
        # a run that was left before its end has not lost
        ended = all(lane.status in ("finished", "diverged") for lane in race.lanes)
        return Sentence(f"{_standing(race, results, ended=ended)} {_differ(race)}".strip())
    match race.status:
        case "loading":
            return Sentence(f"{_many(race)} are being built, each in a process of its own.")
        case "ready":
            return Sentence(_before(race, guess))
        case "finished":
            return Sentence(
                f"{_standing(race, results, ended=True)} {verdict(race, guess)}".strip()
            )
        case "paused":
            return Sentence(f"Paused; space goes on. {_standing(race, results)} {_differ(race)}")
    if gone := _diverged(race, results):
        return Sentence(gone, "hint")
    alone = f" In focus: {race.racers[current].name}; esc: all." if current is not None else ""
    return Sentence(f"{_standing(race, results)} {_differ(race)}{alone}")


def news(race: Race | None) -> object:
    """What must be told at once: equal as long as no run fails and the race does not end."""
    if race is None:
        return None
    failed = tuple(racer.place for racer in race.racers if racer.failure)
    return failed, all(lane.ended for lane in race.lanes)


def same(race: Race) -> str:
    """What the runs have in common from the beginning: "same seed 42, same first weights"."""
    found = {tuple(lane.seed for lane in racer.lanes) for racer in race.racers}
    if len(found) > 1:
        return "of several seeds"
    (seeds,) = found
    word = f"seed {seeds[0]}" if len(seeds) == 1 else f"seeds {_seeds(seeds)}"
    if race.stored:
        return f"same {word}"
    return f"same {word}" + (", same first weights" if same_weights(race) else "")


def _seeds(seeds: Sequence[int]) -> str:
    if seeds[-1] - seeds[0] == len(seeds) - 1:
        return f"{seeds[0]}–{seeds[-1]}"
    return ", ".join(map(str, seeds))


def last_seed(race: Race) -> int:
    return race.seed + race.seeds - 1


def same_weights(race: Race) -> bool:
    """Whether all begin from the same weights, number for number."""
    lanes = [racer.lanes[0] for racer in race.racers]
    built = [lane.facts.sizes for lane in lanes if lane.facts]
    if len(built) == len(lanes):
        agree = len(set(built)) == 1
    else:
        # what decides on the inputs and on the outputs
        shapes = [
            (racer.folder, data.set, data.features, data.degree, data.label, network.output)
            for racer in race.racers
            for data, network in [(racer.config.data, racer.config.network)]
        ]
        agree = len(set(shapes)) == 1
    return agree and len({_drawn(racer) for racer in race.racers}) == 1


def _drawn(racer: Racer) -> tuple[object, ...]:
    """How its first weights are drawn; the inputs and the outputs are left to its data."""
    network = racer.config.network
    given = network.weights, network.biases
    return network.hidden, network.init, *given, racer.config.training.dtype


def judge(results: Sequence[Result]) -> str:
    """The figure by which a race is decided: the best loss where losses can be compared, else the
    best accuracy; empty where neither can."""
    return next((name for name in ("best_loss", "best_accuracy") if best(results, name)), "")


def winners(race: Race) -> tuple[tuple[int, ...], str]:
    """The places of those that lead, and the figure by which they do."""
    results = race.results
    figure = judge(results)
    return (best(results, figure) if figure else ()), figure


def nobody_wins(race: Race) -> str:
    """Why no run can win, in a sentence without its full stop; empty where one can."""
    results = race.results
    if deciding(results):
        return ""
    return "; ".join(notes(results)) or "there is one run only"


def over(race: Race, current: int | None) -> str:
    """That what the keys act on has ended; empty where there is something to train."""
    if current is None:
        ended = all(lane.ended for lane in race.lanes)
        return "All have ended: r begins anew." if ended else ""
    racer = race.racers[current]
    if not all(lane.ended for lane in racer.lanes):
        return ""
    what = {"finished": "finished", "diverged": "diverged", "failed": "failed"}
    how = what.get(racer.status, "ended")
    at = f" at epoch {significant(racer.report.epoch)}" if racer.report.update else ""
    return f"{racer.name} has {how}{at}: r begins it anew; esc: all."


def verdict(race: Race, guess: int | None) -> str:
    """Whether the one that was to win did; empty where nobody was named."""
    first, _ = winners(race)
    if guess is None:
        return ""
    name = race.racers[guess].name
    if not first:
        return f"You said {name}: nobody has won."
    if guess in first:
        return f"You said {name}: {'right' if len(first) == 1 else 'it shares the first place'}."
    place = order(race.results, judge(race.results)).index(guess) + 1
    return f"You said {name}: it came in {place}{_TH.get(place, 'th')}."


_TH = {1: "st", 2: "nd", 3: "rd"}


def _standing(race: Race, results: Sequence[Result], *, ended: bool = False) -> str:
    """ "mini-batch leads: best validation loss 0.0813, stochastic 0.0961."."""
    figure = judge(results)
    if not figure:
        begun = ["No run has won."] if ended else ["They train."] if race.training else []
        told = [f"{_upper(note)}." for note in notes(results)]
        return " ".join([*begun, *told, *([LOOK] if told else [])])
    first = best(results, figure)
    label = label_of(results, figure)
    value = _value(results[first[0]], figure)
    if len(first) > 1:
        who = "All" if len(first) == len(results) else _list([_name(race, n) for n in first])
        how = "stand alike" if not ended else "end alike"
        return f"{who} {how}: {label} {value}."
    others = [n for n in order(results, figure) if n not in first]
    second = next(iter(others), None)
    tail = ""
    if second is not None:
        tail = f", then {_name(race, second)} {_value(results[second], figure)}"
    verb, why = "has won" if ended else "leads", ""
    if figure == "best_accuracy" and (told := notes(results)):
        why = f" {_upper(told[0])}."
        if len(race.differences) > 1:
            # that one is ahead is not the doing of the cost alone
            verb, why = "comes out ahead" if ended else "leads", f"{why} {LOOK}"
    return f"{_name(race, first[0])} {verb}: {label} {value}{tail}.{why}"


def _value(result: Result, figure: str) -> str:
    return FIGURES[figure].text(getattr(result, figure).median)


def _differ(race: Race) -> str:
    labels = [difference.label for difference in race.differences]
    if not labels:
        return ""
    if len(labels) > MOST_LABELS:
        return f"They differ in {', '.join(labels[: MOST_LABELS - 1])} and more."
    return f"They differ in {_list(labels)}."


def _before(race: Race, guess: int | None) -> str:
    begin = f"Press space to start {'both' if len(race.racers) == 2 else _all(race)}"
    times = f", {race.seeds} times each" if race.seeds > 1 else ""
    from_ = f"from the {same(race).replace(', same', ' and the same')}"
    if why := nobody_wins(race):
        # of one run there is nothing to be said
        who = f"{_upper(why)}." if len(race.racers) > 1 else ""
    elif guess is not None:
        who = f"You say that {race.racers[guess].name} will win."
    else:
        # kept together where the line breaks
        who = "u:\N{NO-BREAK SPACE}who\N{NO-BREAK SPACE}will\N{NO-BREAK SPACE}win?"
    return " ".join(filter(None, (f"{begin}{times}, {from_}.", _differ(race), who)))


def _failed(race: Race, failed: Sequence[Racer]) -> Sentence:
    first = failed[0]
    more = f", and {len(failed) - 1} more" if len(failed) > 1 else ""
    others = len(race.racers) - len(failed)
    then = "" if not others else " The others go on." if race.status == "training" else ""
    why = first.failure if first.failure.endswith((".", "?", "!")) else f"{first.failure}."
    return Sentence(f"{first.name} has failed{more}: {why}{then} r begins anew.", "error")


def _diverged(race: Race, results: Sequence[Result]) -> str:
    gone = [racer for racer, result in zip(race.racers, results, strict=True) if result.diverged]
    if not gone:
        return ""
    verb = "has" if len(gone) == 1 else "have"
    return f"{_list([racer.name for racer in gone])} {verb} diverged. {_standing(race, results)}"


def _name(race: Race, place: int) -> str:
    return race.racers[place].name


def _many(race: Race) -> str:
    number = len(race.racers) * race.seeds
    return "The run" if number == 1 else f"{number} runs"


def _all(race: Race) -> str:
    return "it" if len(race.racers) == 1 else f"all {len(race.racers)}"


def _list(names: Sequence[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
