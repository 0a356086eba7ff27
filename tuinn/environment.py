"""What the last bits of a result depend on beside its configuration: versions, kernels, threads."""

from __future__ import annotations

import ctypes
import platform
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cache
from importlib import import_module
from typing import Any

import tuinn

NAMES = {"kernel": "CPU kernel", "threads": "BLAS threads"}
"""What a field is called where its own name would not do."""
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Environment:
    """Where a run was made. With the same numpy, kernel and threads its bits are the same."""

    tuinn: str
    """Version of tuinn."""
    numpy: str
    python: str
    kernel: str
    """The SIMD level of numpy's loops and the core that OpenBLAS chose: "X86_V4 SkylakeX"."""
    threads: int
    """BLAS threads; 0 where it cannot be known."""

    def differs(self, other: Environment) -> list[str]:
        """What differs, a phrase each: "numpy (2.4.6 there, 2.3.1 here)"; `other` is here."""
        return [
            f"{NAMES.get(field.name, field.name)} ({there} there, {here} here)"
            for field in fields(self)
            if (there := getattr(self, field.name)) != (here := getattr(other, field.name))
        ]


@cache
def environment() -> Environment:
    """That of this process. numpy must have been imported with its threads settled."""
    import numpy as np

    core, threads = _openblas()
    return Environment(
        tuinn=tuinn.__version__,
        numpy=np.__version__,
        python=platform.python_version(),
        kernel=f"{_simd_level()} {core}".strip(),
        threads=threads,
    )


def _simd_level() -> str:
    """The SIMD level of numpy's tanh, which has a loop for each of them: "X86_V4"."""
    try:
        from numpy.lib.introspect import opt_func_info
    except ImportError:  # the first numpy 2 has it not yet
        return UNKNOWN
    found: dict[str, Any] = opt_func_info(func_name="^tanh$", signature="float64")
    for loops in found.get("tanh", {}).values():
        # "X86_V4", or what numpy was built for at least: "baseline(X86_V2)"
        return str(loops["current"]).rstrip(")").split("(")[-1].split()[-1]
    return UNKNOWN


def _openblas() -> tuple[str, int]:
    """(the core that OpenBLAS computes for, its threads); ("", 0) where numpy has another BLAS."""
    # symbols of the libraries that numpy is linked with are found through its own
    library = ctypes.CDLL(import_module("numpy._core._multiarray_umath").__file__)
    core = _function(library, "get_corename", ctypes.c_char_p)
    threads = _function(library, "get_num_threads", ctypes.c_int)
    return core().decode() if core else "", threads() if threads else 0


def _function(library: ctypes.CDLL, name: str, result: Any) -> Callable[[], Any] | None:
    """A function of OpenBLAS by its name, whatever the wheel's builder put around it."""
    for prefix in ("scipy_", ""):
        for suffix in ("64_", ""):
            function = getattr(library, f"{prefix}openblas_{name}{suffix}", None)
            if function is not None:
                function.restype = result
                return function  # type: ignore[no-any-return]
    return None
