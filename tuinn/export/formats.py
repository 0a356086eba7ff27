"""Which format a file is written in, and by whom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from tuinn.allowed import ConfigError

if TYPE_CHECKING:
    from tuinn.export.reported import Reported
    from tuinn.race import Race
    from tuinn.store import Store, StoredRun

Format = Literal["csv", "jsonl", "npz", "html", "svg", "tensorboard"]
FORMATS: tuple[Format, ...] = get_args(Format)
ENDINGS: dict[str, Format] = {
    ".csv": "csv",
    ".jsonl": "jsonl",
    ".npz": "npz",
    ".html": "html",
    ".htm": "html",
    ".svg": "svg",
}
REPORTS: tuple[Format, ...] = ("html", "svg")
"""Those that show several runs in one file."""
ALLOWED = (
    "the ending says what is written: .csv, .jsonl (figures), .npz (weights), .html, .svg (report);"
    " a folder, as in runs/, takes TensorBoard event files"
)


def format_of(path: str | Path) -> Format:
    """The format that the ending of ``path`` asks for; `ConfigError` where there is none.

    A folder that exists, or a text that ends in "/", asks for TensorBoard event files.
    """
    if str(path).endswith(("/", "\\")) or Path(path).is_dir():
        return "tensorboard"
    found = ENDINGS.get(Path(path).suffix.lower())
    if found is None:
        raise ConfigError(f"{path}: cannot be exported to; {ALLOWED}")
    return found


def export(
    store: Store, ids: Iterable[int], path: str | Path, format: str | None = None
) -> list[Path]:
    """Write runs of the store to ``path``; returns the files that were written.

    Reports and TensorBoard's folder take all of the runs. Of the other formats each run has a file
    of its own: "out.csv" becomes "out-3.csv", "out-5.csv" where there are several.

    Raises `StoreError` for a run that is not there, `ConfigError` for a format that is unknown, for
    what a run does not have, and for a file that cannot be written.
    """
    chosen = _checked(format) if format is not None else format_of(path)
    runs = [store.run(number) for number in dict.fromkeys(ids)]
    if not runs:
        raise ConfigError("name at least one run to export; `tuinn runs` lists them")
    path = Path(path).expanduser()
    try:
        return _write(store, runs, path, chosen)
    except OSError as error:
        raise ConfigError(
            f"{error.filename or path}: cannot be written: {error.strerror or error}"
        ) from None


def report(race: Race, path: str | Path) -> Path:
    """Write what a race shows now as a report, .html or .svg; returns where it is, as a whole path.

    `ConfigError` where it cannot be written.
    """
    from tuinn.export.reported import of_race

    found = format_of(path)
    if found not in REPORTS:
        raise ConfigError(f"{path}: a report is written as .html or as .svg")
    path = Path(path).expanduser()
    runs = of_race(race)
    if not runs:
        raise ConfigError("there is nothing to report yet: start the race first")
    try:
        return _report(runs, path, found).absolute()
    except OSError as error:
        raise ConfigError(
            f"{error.filename or path}: cannot be written: {error.strerror or error}"
        ) from None


def _checked(name: str) -> Format:
    for one in FORMATS:
        if one == name:
            return one
    raise ConfigError(f"the format must be one of {', '.join(FORMATS)}, got {name!r}")


def _write(store: Store, runs: Sequence[StoredRun], path: Path, format: Format) -> list[Path]:
    if format in REPORTS:
        from tuinn.export.reported import of_store

        return [_report(of_store(store, runs), path, format)]
    if format == "tensorboard":
        from tuinn.export import tensorboard

        return [tensorboard.write(store, run, path) for run in runs]
    from tuinn.export import csv, jsonl, npz

    writer = {"csv": csv, "jsonl": jsonl, "npz": npz}[format]
    return [writer.write(store, run, _own(path, run.id, len(runs))) for run in runs]


def _own(path: Path, number: int, runs: int) -> Path:
    """The file of one of so many runs."""
    return path if runs == 1 else path.with_name(f"{path.stem}-{number}{path.suffix}")


def _report(runs: Sequence[Reported], path: Path, format: Format) -> Path:
    from tuinn.export.aside import written_aside
    from tuinn.export.html import page
    from tuinn.export.svg import picture

    text = page(runs) if format == "html" else picture(runs)
    with written_aside(path) as file:
        file.write(text.encode())
    return path
