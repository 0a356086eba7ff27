"""The engine stands alone: numpy and the standard library."""

import subprocess
import sys

PROGRAM = """
import sys
import numpy.random
before = set(sys.modules)
import engine, engine.data, engine.checkpoint, engine.optimizers, engine.surfaces, engine.walk
names = {name.partition(".")[0] for name in set(sys.modules) - before}
print(sorted(names - set(sys.stdlib_module_names) - {"engine", "numpy"}))
"""


def test_a_fresh_interpreter_loads_nothing_else():
    # -S keeps out what site-packages' .pth files import by themselves
    paths = [path for path in sys.path if path]
    program = f"import sys; sys.path[:0] = {paths!r}\n{PROGRAM}"
    result = subprocess.run(
        [sys.executable, "-S", "-c", program], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"
