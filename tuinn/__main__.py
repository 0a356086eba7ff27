"""The command `tuinn`."""

from __future__ import annotations

import os
import sys

THREAD_VARIABLES = (
    "OPENBLAS_NUM_THREADS",
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit status.

    The number of BLAS threads must be settled before anything imports numpy, so ``--threads``
    is taken out of the arguments here, whatever the verb.
    """
    rest, threads, problem = take_threads(sys.argv[1:] if arguments is None else arguments)
    if problem:
        print(f"tuinn: {problem}", file=sys.stderr)
        return 2
    for variable in THREAD_VARIABLES:
        if threads is None:
            # one thread is the fastest for all but very wide networks
            os.environ.setdefault(variable, "1")
        else:
            os.environ[variable] = threads

    from tuinn.cli.dispatch import dispatch

    return dispatch(rest)


def take_threads(arguments: list[str]) -> tuple[list[str], str | None, str]:
    """(the arguments without ``--threads N``, N or ``TUINN_THREADS``, what is wrong with it)."""
    rest: list[str] = []
    threads, source = os.environ.get("TUINN_THREADS"), "TUINN_THREADS"
    words = iter(arguments)
    for word in words:
        if word == "--threads":
            threads, source = next(words, ""), word
        elif word.startswith("--threads="):
            threads, source = word.partition("=")[2], "--threads"
        else:
            rest.append(word)
    if threads is not None and not (threads.isdecimal() and 1 <= int(threads) <= 1024):
        return rest, None, f"`{source}` must be a whole number 1 … 1024, got {threads!r}"
    return rest, threads, ""


if __name__ == "__main__":
    sys.exit(main())
