"""The seconds of a run by the clock, to and fro."""

from tuinn.screens.clock import CAPACITY, RunClock


def test_a_run_that_is_led_back_has_the_seconds_that_it_had_there() -> None:
    clock = RunClock()
    for update in range(10, 60, 10):
        clock.count(0.5, update)
    assert clock.seconds == 2.5
    clock.go_back(30)
    assert clock.seconds == 1.5
    clock.count(1.0, 31)
    assert clock.seconds == 2.5
    clock.go_back(0)
    assert clock.seconds == 0


def test_frames_without_an_update_count_and_memory_is_bounded() -> None:
    clock = RunClock()
    clock.count(2.0, 0)
    clock.count(2.0, 1)
    assert clock.seconds == 4
    for update in range(2, 3 * CAPACITY):
        clock.count(1.0, update)
    assert len(clock._updates) <= CAPACITY
    clock.go_back(CAPACITY)
    assert abs(clock.seconds - (4 + CAPACITY - 1)) <= 4
