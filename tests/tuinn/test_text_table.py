"""The table in plain text: nothing is cut off at the right, whatever the width."""

import io

import pytest

from tuinn.comparison import Result, differing
from tuinn.config import Config, changed
from tuinn.outcome import Basis, Outcome
from tuinn.short_names import short_names
from tuinn.text_table import only_ascii, text_table, to_ascii

NAMES = ["batch", "mini-batch", "stochastic"]
CONFIGS = [changed(Config(), "training.batch_size", size) for size in ("full", 10, 1)]
BASIS = Basis("cross-entropy", 0.0, "digits", validated=True, regression=False)


def one(loss, accuracy, basis=BASIS, status="finished"):
    return Outcome(status, loss, loss, accuracy, accuracy, 24_300, 8.0, 4320, 4320, 30.0, basis)


def table(names=NAMES, repeat=1, basis=BASIS, **options):
    losses = [0.412, 0.0813, 0.096]
    results = [
        Result.of([one(loss + n / 100, 1 - loss, basis) for n in range(repeat)]) for loss in losses
    ]
    return text_table(names, differing(CONFIGS), results, **options)


def test_what_differs_then_the_results_with_the_best_marked():
    lines = table().splitlines()
    assert lines[0].split() == NAMES
    assert lines[1].split() == ["mini-batch", "full", "10", "1"]
    assert lines[2] == ""
    assert lines[3].split() == ["best", "validation", "loss", "0.412", "0.0813", "★", "0.0960"]
    assert lines[-1].split() == ["state", *["finished"] * 3]


def test_columns_stand_below_each_other():
    lines = table().splitlines()
    at = lines[0].index("mini-batch")
    assert lines[1][at:].startswith("10 ")
    assert lines[3][at:].startswith("0.0813 ★")


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_all_is_there_within_the_width(width):
    text = table(repeat=3, width=width)
    assert max(len(line) for line in text.splitlines()) <= width
    for name in NAMES:
        assert name in text
    assert text.count("0.0913 ± 0.005") == 2


def test_without_room_the_others_follow_below():
    blocks = table(width=36).split("\n\n")
    heads = [block.splitlines()[0].split() for block in blocks[:-1:2]]
    assert heads == [NAMES[:2], NAMES[2:]]
    assert blocks[-1] == "loss and accuracy on the validation set"


def test_a_long_name_is_cut_so_that_it_can_be_told_apart():
    names = [f"digits-{'very-' * 6}{end}" for end in ("quadratic", "cross-entropy", "softmax")]
    head = table(names, width=70).splitlines()[0]
    assert len(head) <= 70
    assert head.split() == ["quadratic", "cross-entropy", "softmax"]


def test_in_ascii():
    text = table(repeat=3, ascii_only=True)
    assert text.isascii()
    assert "+-" in text
    assert "*" in text
    assert to_ascii("η 0.5 → ∞ 数") == "eta 0.5 -> inf ?"


def test_what_is_not_compared_is_told():
    mixed = [
        Result.of([one(0.1, 0.9)]),
        Result.of([one(0.2, 0.8, Basis("quadratic", 0.0, "digits", True, False))]),
    ]
    text = text_table(["a", "b"], [], mixed)
    assert text.endswith("\n\nlosses of different costs are not compared")
    assert text.splitlines()[1].split() == ["best", "validation", "loss", "0.100", "0.200"]
    assert "0.900 ★" in text


@pytest.mark.parametrize(
    ("encoding", "ascii_only"), [("utf-8", False), ("ascii", True), ("latin-1", True)]
)
def test_which_streams_take_ascii_only(encoding, ascii_only):
    assert only_ascii(io.TextIOWrapper(io.BytesIO(), encoding=encoding)) is ascii_only


class TestShortNames:
    def test_as_they_are_where_they_fit(self):
        assert short_names(["digits-a", "digits-b"], 8) == ["digits-a", "digits-b"]

    def test_without_the_words_that_all_begin_and_end_with(self):
        names = ["digits-cross-entropy", "digits-quadratic"]
        assert short_names(names, 14) == ["cross-entropy", "quadratic"]
        assert short_names(names, 8) == ["cross-e.", "quadrat."]
        assert short_names(["a-long-run", "b-long-run"], 4) == ["a", "b"]

    def test_of_some_that_begin_alike_what_they_have_in_common_goes(self):
        names = ["digits-cross-entropy", "digits-quadratic", "eta-too-large"]
        assert short_names(names, 7) == ["cross-e"[:5] + ".", "quadra.", "eta-to."]

    def test_of_several_that_begin_alike_all_go_without_it(self):
        names = ["xor-backprop", "xor-genetic", "xor-annealing", "xor-ants", "circle"]
        assert short_names(names, 7) == ["backpr.", "genetic", "anneal.", "ants", "circle"]
        assert short_names(names, 10) == ["backprop", "genetic", "annealing", "ants", "circle"]
        # the shorter name would be that of another one
        assert short_names(["xor-ants", "xor-swarm", "ants"], 6)[0].startswith("xor")

    def test_told_apart_by_their_ends_or_their_numbers(self):
        assert short_names(["saturated1", "saturated2"], 6) == [".ated1", ".ated2"]
        assert len(set(short_names(["aaaaaaaa1aaaaaaaa", "aaaaaaaa2aaaaaaaa"], 5))) == 2

    @pytest.mark.parametrize("width", [1, 2, 3, 5, 8])
    def test_never_wider_and_all_different(self, width):
        names = ["overfit-digits", "overfit-digits-decay", "overfit", "x", "eta-right", "eta-wrong"]
        short = short_names(names, width)
        assert max(map(len, short)) <= width
        assert len(set(short)) == 6
        assert all(short)
