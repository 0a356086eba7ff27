"""Which format is written, and what is said where nothing can be."""

import os

import pytest
from kept_runs import CIRCLE, SWARM

from tuinn.allowed import ConfigError
from tuinn.export import FORMATS, export, format_of
from tuinn.export.aside import written_aside
from tuinn.store import StoreError


def test_the_ending_names_the_format(tmp_path):
    assert [format_of(f"a/b.{end}") for end in ("csv", "JSONL", "npz", "html", "htm", "svg")] == [
        "csv", "jsonl", "npz", "html", "html", "svg",
    ]  # fmt: skip
    assert format_of("events/") == format_of(tmp_path) == "tensorboard"


def test_another_ending_is_told_with_those_that_there_are(store, tmp_path):
    with pytest.raises(ConfigError, match=r"out\.xlsx: cannot be exported to; .*\.csv.*a folder"):
        export(store, [CIRCLE], tmp_path / "out.xlsx")
    with pytest.raises(ConfigError, match=f"the format must be one of {', '.join(FORMATS)}"):
        export(store, [CIRCLE], tmp_path / "out.csv", "xlsx")
    assert not list(tmp_path.iterdir())


def test_a_format_that_is_asked_for_wins_over_the_ending(store, tmp_path):
    (path,) = export(store, [CIRCLE], tmp_path / "figures.txt", "csv")
    assert path.read_text().startswith("epoch,update,")


def test_an_unknown_run_writes_nothing(store, tmp_path):
    with pytest.raises(StoreError, match="there is no run 77"):
        export(store, [CIRCLE, 77], tmp_path / "out.csv")
    with pytest.raises(ConfigError, match="at least one run"):
        export(store, [], tmp_path / "out.csv")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("ending", ["csv", "jsonl", "npz", "html", "svg"])
def test_a_file_that_cannot_be_written_is_named(store, tmp_path, ending):
    path = tmp_path / "nowhere" / f"out.{ending}"
    with pytest.raises(ConfigError, match=f"{path}: cannot be written: No such file"):
        export(store, [CIRCLE], path)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_a_full_disk_is_told(store):
    with pytest.raises(ConfigError, match="/dev/full: cannot be written: No space left"):
        export(store, [CIRCLE], "/dev/full", "csv")


def test_what_is_there_stays_until_the_new_is_whole(tmp_path):
    path = tmp_path / "out.csv"
    path.write_text("old")

    def fail():
        with written_aside(path) as file:
            file.write(b"new")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_stays_a_link(store, tmp_path):
    link = tmp_path / "link.csv"
    link.symlink_to(tmp_path / "target.csv")
    export(store, [SWARM], link)
    assert link.is_symlink()
    assert (tmp_path / "target.csv").read_text().startswith("epoch,")
