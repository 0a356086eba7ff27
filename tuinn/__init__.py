"""A neural-network laboratory in the terminal."""

import sys
from importlib.util import find_spec
from pathlib import Path


def __getattr__(name: str) -> str:
    """`tuinn.__version__`, looked up when it is wanted: that takes longer than the rest."""
    if name == "__version__":
        from importlib.metadata import version

        return version("tuinn")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def _check_engine() -> None:
    """Fail at once, and clearly, where another package called `engine` hides ours."""
    ours = Path(__file__).parents[1] / "engine" / "__init__.py"
    spec = find_spec("engine")
    found = spec.origin if spec else None
    if found is None or Path(found).resolve() != ours.resolve():
        message = (
            f"tuinn needs its own package `engine` at {ours.parent}, but Python finds "
            f"{found or 'none'}; start tuinn from another folder, or remove the other `engine`"
        )
        if Path(sys.argv[0]).name in ("tuinn", "-m"):
            # a person who runs the program gets the sentence, not where it was raised
            sys.exit(message)
        raise ImportError(message)


_check_engine()
