"""`tuinn [PRESET]`: the laboratory itself, its Surface screen, or a race of several presets."""

from __future__ import annotations

import argparse
import math
import sys
from typing import Any

from tuinn.allowed import ConfigError, did_you_mean
from tuinn.cli.parser import VERB_HELP, app_parser
from tuinn.preset import Preset, PresetError, find, own_folder

MOST_REWIND = 100_000
"""MB."""
MOST_RACED = 6


def run(arguments: list[str]) -> int:
    """Open the app; returns the exit status."""
    parser = app_parser()
    options = parser.parse_args(arguments)
    if options.version:
        import tuinn

        print(f"tuinn {tuinn.__version__}")
        return 0
    _check(options)
    if not (_is_terminal(sys.stdin) and _is_terminal(sys.stdout)):
        raise PresetError(
            "the laboratory needs a terminal for its input and output; "
            "without one, use `tuinn train PRESET`"
        )
    opened = _opened(options)

    from tuinn.app import TuinnApp

    app = TuinnApp(
        demo=options.demo,
        fps=options.fps,
        draw=options.draw,
        rewind_bytes=round(options.rewind * 1e6),
        keep=not options.unsaved,
        **opened,
    )
    app.run(mouse=not options.no_mouse)
    return app.return_code or 0


def _check(options: argparse.Namespace) -> None:
    """Raise `ConfigError` for a number that is out of range or goes with nothing else."""
    if not (math.isfinite(options.fps) and 0 < options.fps <= 60):
        raise ConfigError(f"`--fps` must be > 0 and <= 60, got {options.fps:g}")
    if not 0 <= options.rewind <= MOST_REWIND:
        raise ConfigError(
            f"`--rewind` must be >= 0 and <= {MOST_REWIND} MB, got {options.rewind:g}"
        )
    raced = len(options.presets)
    if raced > 1 and (hint := did_you_mean(options.presets[0], VERB_HELP)):
        raise PresetError(f"no verb {options.presets[0]!r}{hint}")
    if raced > MOST_RACED:
        raise ConfigError(f"2 to {MOST_RACED} presets can be raced side by side, got {raced}")
    if options.repeat < 1:
        raise ConfigError(f"`--repeat` must be >= 1, got {options.repeat}")
    if (options.ghosts or options.repeat > 1) and not raced:
        raise ConfigError("`--repeat` and `--ghost` are for races: name the presets")
    if options.resume is not None and raced:
        raise ConfigError("`--resume` opens a run that was kept: name no preset beside it")
    if options.resume is not None and options.unsaved:
        raise ConfigError("`--resume` goes on with a run that is kept: leave out `--unsaved`")


def _opened(options: argparse.Namespace) -> dict[str, Any]:
    """What the app is to begin with."""
    names = options.presets
    ghosts: list[Any] = []
    if options.ghosts:
        from tuinn.ghost import read_ghost

        ghosts = [read_ghost(path) for path in options.ghosts]
    if len(names) > 1 or ghosts or options.repeat > 1:
        race = [_preset(name) for name in names]
        return {"preset": race[0], "race": race, "ghosts": ghosts, "repeat": options.repeat}
    if options.resume is not None:
        return {"resume": options.resume}
    if not names:
        return {}
    try:
        return {"preset": _preset(names[0])}
    except PresetError:
        # it knows the engine's surfaces, which take a moment to load
        from tuinn.descent import surface_presets

        if names[0] not in {preset.name for preset in surface_presets()}:
            raise
        return {"surface": names[0]}


def _preset(text: str) -> Preset:
    """The preset of that name or path, or what a run string says."""
    from tuinn.run_string import decode, is_run_string

    if not is_run_string(text):
        return find(text)
    said = decode(text)
    name = said.name or "run"
    return Preset(name, said.config, own_folder() / f"{name}.toml", own=True)


def _is_terminal(stream: object) -> bool:
    return bool(stream is not None and getattr(stream, "isatty", bool)())
