"""What the last bits depend on: read from this process, and told in words where it differs."""

import os
import subprocess
import sys
from dataclasses import replace

import numpy as np

import tuinn
from tuinn.environment import Environment, environment

THERE = Environment("0.1.0", "2.4.6", "3.11.7", "X86_V4 SkylakeX", 1)


def in_a_process(**variables: str) -> Environment:
    code = "import numpy; from tuinn.environment import *; print(environment())"
    line = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return eval(line, {"Environment": Environment})


def test_it_is_that_of_this_process():
    here = environment()
    assert (here.tuinn, here.numpy) == (tuinn.__version__, np.__version__)
    assert here.python == ".".join(map(str, sys.version_info[:3]))
    assert here.kernel
    assert environment() is here


def test_threads_are_those_that_openblas_was_given():
    one = in_a_process(OPENBLAS_NUM_THREADS="1")
    two = in_a_process(OPENBLAS_NUM_THREADS="2")
    if one.threads:
        assert one.threads == 1
        assert one.differs(two) == ["BLAS threads (1 there, 2 here)"]


def test_the_kernel_is_another_where_numpy_must_do_without_its_best_loops():
    best = in_a_process()
    # a name that this processor does not have is told on stderr, and changes nothing
    plain = in_a_process(NPY_DISABLE_CPU_FEATURES="X86_V4 X86_V3 AVX512F AVX2 FMA3")
    level = best.kernel.split()[0]
    if level in ("X86_V4", "X86_V3"):
        assert plain.kernel.split()[0] not in (level, "unknown")


def test_nothing_differs_from_itself():
    assert THERE.differs(THERE) == []


def test_each_thing_that_differs_is_told_with_both_values():
    here = replace(THERE, numpy="2.3.1", kernel="X86_V3 Haswell", threads=4)
    assert THERE.differs(here) == [
        "numpy (2.4.6 there, 2.3.1 here)",
        "CPU kernel (X86_V4 SkylakeX there, X86_V3 Haswell here)",
        "BLAS threads (1 there, 4 here)",
    ]
