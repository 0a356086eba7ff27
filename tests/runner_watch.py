"""A runner in tests: all that it ever reported, and waiting on conditions."""

import threading

from tuinn.config import Config, changed
from tuinn.history import History
from tuinn.runners.thread import ThreadRunner

CONFIG = changed(changed(Config(), "data.n", 100), "stop.epochs", 200)
ENDLESS = changed(CONFIG, "stop.epochs", 10**7)
PATIENCE = 20.0
"""Seconds after which a thread, or a process, that does not answer has failed the test."""


class Watched:
    """A runner with all it ever reported; waits on conditions, never on the clock."""

    def __init__(self, config=CONFIG, folder=None, *, kind=ThreadRunner, **options):
        self.runner = kind(config, folder, **options)
        self.snapshots, self.marks, self.forks, self.resets = [], [], [], 0
        self.history = History()

    def poll(self):
        report = self.runner.poll()
        if report.reset:
            self.snapshots.clear()
            self.resets += 1
        self.snapshots += report.snapshots
        self.marks += report.marks
        self.forks += report.forks
        self.history.take(report)
        return report

    def until(self, condition):
        tick = threading.Event()
        for _ in range(int(PATIENCE / 0.005)):
            report = self.poll()
            if condition(report):
                return report
            tick.wait(0.005)
        raise AssertionError(f"never came: the last report was {report}")

    def status(self, status):
        return self.until(lambda report: report.status == status)

    def state(self):
        """What `Trainer.dump` gives of the run after all commands given so far, by name."""
        self.runner.request_state()
        found = []
        self.until(lambda report: found or found.extend(filter(None, [self.runner.take_state()])))
        return found[0]

    def drained(self):
        """Wait until all commands given so far are done; of a thread."""
        done = threading.Event()
        self.runner._do(done.set)
        assert done.wait(PATIENCE)
