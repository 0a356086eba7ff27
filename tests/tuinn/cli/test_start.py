"""The beginnings of the command: what it imports, where it can run, what it makes of its words."""

import re
import subprocess
import sys

import pytest

HEAVY = {"numpy", "textual", "plotext"}


def test_version(tuinn):
    result = tuinn("--version")
    assert result.returncode == 0
    assert re.fullmatch(r"tuinn \d+\.\d+\.\d+\n", result.stdout)


@pytest.mark.parametrize(
    "words", [["--version"], ["presets"], ["presets", "--json"], ["show", "xor"]]
)
def test_light_verbs_import_nothing_heavy(tuinn, words):
    code = (
        "import sys; from tuinn.__main__ import main\n"
        f"status = main({words!r})\n"
        f"sys.exit(status or ' '.join({HEAVY!r} & set(sys.modules)) or 0)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code],
        env=tuinn.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, result.stderr.strip()) == (0, "")


@pytest.mark.parametrize(
    ("words", "environment", "expected"),
    [
        ([], {}, "1"),
        ([], {"OPENBLAS_NUM_THREADS": "3"}, "3"),
        ([], {"TUINN_THREADS": "2", "OPENBLAS_NUM_THREADS": "3"}, "2"),
        (["--threads", "4"], {"TUINN_THREADS": "2"}, "4"),
        (["--threads=5"], {}, "5"),
    ],
)
def test_the_number_of_threads_is_settled_before_numpy(tuinn, words, environment, expected):
    code = (
        "import os, sys\n"
        "from tuinn.__main__ import main\n"
        f"main(['presets', *{words!r}])\n"
        "assert 'numpy' not in sys.modules\n"
        "names = ['OPENBLAS_NUM_THREADS', 'OMP_NUM_THREADS']\n"
        "print(*(os.environ[name] for name in names), file=sys.stderr)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code],
        env=tuinn.environment | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    first, second = result.stderr.split()
    assert first == expected
    assert second == ("1" if environment == {"OPENBLAS_NUM_THREADS": "3"} else expected)


@pytest.mark.parametrize("words", [["--threads", "0"], ["--threads", "x"], ["--threads"]])
def test_a_bad_number_of_threads_is_refused(tuinn, words):
    result = tuinn("presets", *words)
    assert result.returncode == 2
    assert "`--threads` must be a whole number 1 … 1024" in result.stderr


@pytest.mark.parametrize("words", [[], ["xor"], ["xor", "--demo"]])
def test_without_a_terminal_one_sentence_and_exit_2(tuinn, words):
    result = tuinn(*words)
    assert result.returncode == 2
    assert result.stdout == ""
    assert result.stderr == (
        "tuinn: the laboratory needs a terminal for its input and output; "
        "without one, use `tuinn train PRESET`\n"
    )


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["tarin", "xor"], "no verb 'tarin'; did you mean train?"),
        (["--frames", "3"], "unrecognized arguments: --frames"),
        (["xor", "--fps", "0"], "`--fps` must be > 0 and <= 60, got 0"),
        (["xor", "--fps", "nan"], "`--fps` must be > 0 and <= 60, got nan"),
        (["xor", "--rewind", "-1"], "`--rewind` must be >= 0 and <= 100000 MB, got -1"),
        (["xor", "--rewind", "nan"], "`--rewind` must be >= 0 and <= 100000 MB, got nan"),
        (["xor", "--draw", "oil"], "argument --draw: invalid choice: 'oil'"),
        (["train"], "name a PRESET, or a checkpoint to --resume"),
        (["train", "xorr"], "no preset 'xorr'; `tuinn presets` lists them; did you mean xor"),
        (["train", "none.toml"], "none.toml: cannot be read: No such file or directory"),
        (["show"], "the following arguments are required: PRESET"),
    ],
)
def test_what_cannot_be_understood_is_one_line_and_exit_2(tuinn, words, message):
    result = tuinn(*words)
    assert result.returncode == 2
    assert message in result.stderr
    assert result.stderr.startswith("tuinn: ")
    assert result.stderr.count("\n") == 1


def test_help_names_the_verbs(tuinn):
    result = tuinn("--help")
    assert result.returncode == 0
    for verb in ("train", "presets", "datasets", "show"):
        assert re.search(rf"^  {verb} ", result.stdout, re.MULTILINE)


def test_a_bug_is_called_a_bug_and_its_details_are_on_request(tuinn):
    code = (
        "import sys, tuinn.cli.presets\n"
        "def broken(options): raise TypeError('oops')\n"
        "tuinn.cli.presets.run = broken\n"
        "from tuinn.__main__ import main\n"
        "sys.exit(main(['presets']))"
    )
    for debug in ("0", "1"):
        result = subprocess.run(
            [sys.executable, "-c", code],
            env=tuinn.environment | {"TUINN_DEBUG": debug},
            capture_output=True,
            text=True,
            check=False,
        )
        assert result.returncode == 1
        assert ("Traceback" in result.stderr) == (debug == "1")
        assert "TypeError: oops" in result.stderr


def test_another_package_called_engine_is_named(tuinn):
    other = tuinn.folder / "engine"
    other.mkdir()
    (other / "__init__.py").touch()
    result = tuinn("presets")
    assert result.returncode != 0
    assert f"but Python finds {other / '__init__.py'}" in result.stderr
