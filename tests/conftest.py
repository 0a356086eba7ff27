"""Fixtures that tests of every part use."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# how quick a machine is, and how busy, is no matter of these tests
settings.register_profile("tuinn", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("tuinn")

# programs that the tests start would not hear of a hangup if this one was begun by nohup
signal.signal(signal.SIGHUP, signal.SIG_DFL)

MNIST_FILES = ("train-images-idx3-ubyte", "t10k-images-idx3-ubyte")
ROOT = Path(__file__).parents[1]


def _holds_mnist(folder: Path) -> bool:
    return all(
        (folder / name).is_file() or (folder / f"{name}.gz").is_file() for name in MNIST_FILES
    )


@pytest.fixture(scope="module")
def mnist_folder():
    """The folder of the real MNIST files, with TUINN_DATA set so that ``load("mnist")`` works.

    Skips where there is none, and fails there under CI=true.
    """
    named = os.environ.get("TUINN_DATA")
    roots = [Path(named)] if named else []
    roots.append(ROOT.parent / "shared" / "data")
    for folder in (place for root in roots for place in (root / "mnist", root)):
        if _holds_mnist(folder):
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("TUINN_DATA", str(folder))
                yield folder
            return
    reason = f"MNIST is in none of {', '.join(map(str, roots))}; TUINN_DATA names its folder"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
