"""Published and saved curves: every form that is read, and what is said of files that are not."""

import argparse
import json
import math

import numpy as np
import pytest

from tuinn.cli.train import add_arguments, run
from tuinn.ghost import GhostError, read_ghost


@pytest.fixture
def file(tmp_path):
    def write(text, name="published.csv"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def points(ghost, figure="value"):
    epochs, values = ghost.curves[figure]
    return list(zip(epochs.tolist(), values.tolist()))


class TestForms:
    @pytest.mark.parametrize(
        "text",
        [
            "epoch,value\n0,2.5\n1,0.5\n2.5,0.25\n",
            "\ufeffEpoch, Value\r\n0, 2.5\r\n1, 0.5\r\n2.5, 0.25\r\n",
            "0,2.5\n1,0.5\n2.5,0.25",
            "# Figure 7\n\n0;2.5\n1;.5\n2.5;2.5e-1\n",
            "0\t2.5\n1\t0.5\n2.5\t0.25\n",
            "value,epoch,seconds\n2.5,0,x\n0.5,1,y\n0.25,2.5,z\n",
            "1,0.5\n2.5,0.25\n0,2.5\n",
            "[[0, 2.5], [1, 0.5], [2.5, 0.25]]",
            '[{"epoch": 0, "value": 2.5}, {"epoch": 1, "value": 0.5}, {"value":0.25,"epoch":2.5}]',
            '{"epoch": [0, 1, 2.5], "value": [2.5, 0.5, 0.25]}',
            '{"epoch": 0, "value": 2.5}\n{"epoch": 1, "value": 0.5}\n\n{"epoch":2.5,"value":0.25}',
        ],
    )
    def test_of_one_curve(self, file, text):
        ghost = read_ghost(file(text))
        assert ghost.name == "published"
        assert points(ghost) == [(0, 2.5), (1, 0.5), (2.5, 0.25)]
        assert ghost.curve("validation_loss") is ghost.curves["value"]

    def test_figures_by_their_names_and_by_those_of_keras(self, file):
        ghost = read_ghost(file("epoch,loss,val_accuracy,validation_loss\n1,0.5,,0.75\n"))
        assert set(ghost.curves) == {"train_loss", "validation_accuracy", "validation_loss"}
        assert points(ghost, "train_loss") == [(1, 0.5)]
        assert math.isnan(points(ghost, "validation_accuracy")[0][1])
        assert ghost.curve("train_accuracy") is None

    @pytest.mark.parametrize("form", ["csv", "json"])
    def test_what_our_own_training_has_written(self, tmp_path, capsys, monkeypatch, form):
        monkeypatch.setenv("TUINN_HOME", str(tmp_path / "home"))
        parser = argparse.ArgumentParser()
        add_arguments(parser)
        path = tmp_path / "run.csv"
        arguments = ["xor", "--epochs", "3", "--quiet", "--json", "--csv", str(path)]
        run(parser.parse_args(arguments))
        lines = capsys.readouterr().out.splitlines()
        records = [json.loads(line) for line in lines[:-1]]
        if form == "json":
            path = tmp_path / "run.jsonl"
            path.write_text("\n".join(lines))
        ghost = read_ghost(path)
        assert points(ghost, "train_loss") == [(one["epoch"], one["train_loss"]) for one in records]

    def test_the_curves_are_numbers_that_a_chart_takes(self, file):
        epochs, values = read_ghost(file("epoch,value\n0,1\n1,null\n")).curves["value"]
        assert epochs.dtype == values.dtype == np.float64
        assert np.isnan(values[1])


class TestRefusals:
    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("", ': is empty; it needs a column "epoch"'),
            ("epoch,value\n", ": has no points"),
            ("# nothing\n", ": has no points"),
            ("[]", ": has no points"),
            ("step,value\n1,2\n", ", line 1: the columns are step, value; it needs"),
            ("epoch,speed\n1,2\n", "one of value, train_loss, train_accuracy, validation_loss"),
            ("1,2,3\n", ", line 1: 3 columns without names"),
            ("epoch,value\n0,1\n1,two\n", ", line 3, column 2: value must be a number, got 'two'"),
            ("epoch,value\n0,1\n\n-1,2\n", ", line 4, column 1: epoch must be a number >= 0"),
            ("epoch,value\n,1\n", ", line 2, column 1: epoch must be a number >= 0, got ''"),
            ("epoch,value\n0,1,2\n", ", line 2: 3 values, but the first line has 2"),
            ('epoch,value\n0,"1\n', "a quotation mark is not closed"),
            (b"epoch,value\n0,\xff\n", ": is no UTF-8 text (byte 14)"),
            ("{", ", line 1, column 2: is no valid JSON"),
            ('[[0, 1], [1, "x"]]', ', entry 2, "value": value must be a number, got \'"x"\''),
            ("[[0, true]]", "got 'true'"),
            ("[[0, 1], [1]]", ", entry 2: must be a pair [epoch, value]"),
            ("[1, 2]", ", entry 1: must be a pair [epoch, value]"),
            (
                '[{"epoch": 0, "value": 1}, {"value": 2}]',
                ', entry 2: must be an object with "epoch"',
            ),
            ('{"epoch": [0, 1], "value": [1]}', '"value" has 1 values, but "epoch" has 2'),
            ('{"epoch": [0], "value": 3}', '"value" must be a list of numbers'),
            ('{"epoch": 0, "value": 1}\n{"epoch"\n', ", line 2, column"),
            ("[" * 100_000, ": is no JSON of a curve: maximum recursion depth"),
            ("[[0, 1]]\n" + "[" * 100_000, ", line 2: is no JSON of a curve"),
            ("[[0, " + "9" * 5000 + "]]", ": is no JSON of a curve: Exceeds the limit"),
            ("[[1" + "0" * 400 + ", 1]]", ', entry 1, "epoch": epoch must be a number >= 0'),
            ("epoch;value\n0;0,5\n", ", line 2, column 2: value must be a number, got '0,5'"),
        ],
    )
    def test_names_the_file_the_place_and_what_is_allowed(self, file, text, said):
        path = file(text)
        with pytest.raises(GhostError) as caught:
            read_ghost(path)
        assert str(caught.value).startswith(str(path))
        assert said in str(caught.value)

    def test_a_file_that_is_not_there_and_a_folder(self, tmp_path):
        with pytest.raises(GhostError, match=r"none\.csv: cannot be read: No such file"):
            read_ghost(tmp_path / "none.csv")
        with pytest.raises(GhostError, match="cannot be read: Is a directory"):
            read_ghost(tmp_path)
