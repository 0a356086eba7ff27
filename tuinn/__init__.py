"""A neural-network laboratory in the terminal."""

from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

__version__ = version("tuinn")


def _check_engine() -> None:
    """Fail at once, and clearly, where another package called `engine` hides ours."""
    ours = Path(__file__).parents[1] / "engine" / "__init__.py"
    spec = find_spec("engine")
    found = spec.origin if spec else None
    if found is None or Path(found).resolve() != ours.resolve():
        raise ImportError(
            f"tuinn needs its own package `engine` at {ours.parent}, but Python finds "
            f"{found or 'none'}; start tuinn from another folder, or remove the other `engine`"
        )


_check_engine()
