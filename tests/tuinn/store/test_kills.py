"""Processes that are killed, and several at once."""

from store_runs import Kills, keep_two_busy


def test_a_run_that_is_killed_again_and_again_comes_to_the_same_end(tmp_path):
    kills = Kills(tmp_path / "runs", epochs=40_000, seed=1)
    for _ in range(8):
        kills.kill()
    assert kills.before_any < 8
    kills.finish()


def test_two_processes_write_and_read_at_once(tmp_path):
    runs, rows = keep_two_busy(tmp_path / "runs", seconds=2)
    assert runs >= 4
    assert rows > runs
