"""`tuinn [PRESET]`: the laboratory itself, or its Surface screen."""

from __future__ import annotations

import math
import sys

from tuinn.allowed import ConfigError, did_you_mean
from tuinn.cli.parser import VERB_HELP, app_parser
from tuinn.preset import Preset, PresetError, find

MOST_REWIND = 100_000
"""MB."""


def run(arguments: list[str]) -> int:
    """Open the app; returns the exit status."""
    parser = app_parser()
    words = [word for word in arguments if not word.startswith("-")]
    if len(words) > 1 and (hint := did_you_mean(words[0], VERB_HELP)):
        raise PresetError(f"no verb {words[0]!r}{hint}")
    options = parser.parse_args(arguments)
    if options.version:
        import tuinn

        print(f"tuinn {tuinn.__version__}")
        return 0
    if not (math.isfinite(options.fps) and 0 < options.fps <= 60):
        raise ConfigError(f"`--fps` must be > 0 and <= 60, got {options.fps:g}")
    if not 0 <= options.rewind <= MOST_REWIND:
        raise ConfigError(
            f"`--rewind` must be >= 0 and <= {MOST_REWIND} MB, got {options.rewind:g}"
        )
    if not (_is_terminal(sys.stdin) and _is_terminal(sys.stdout)):
        raise PresetError(
            "the laboratory needs a terminal for its input and output; "
            "without one, use `tuinn train PRESET`"
        )
    preset, surface = _found(options.preset)

    from tuinn.app import TuinnApp

    rewind_bytes = round(options.rewind * 1e6)
    app = TuinnApp(preset, options.demo, options.fps, options.draw, surface, rewind_bytes)
    app.run(mouse=not options.no_mouse)
    return app.return_code or 0


def _found(name: str | None) -> tuple[Preset | None, str | None]:
    """The preset of that name in the lab, or the name itself where the Surface screen has it."""
    if name is None:
        return None, None
    try:
        return find(name), None
    except PresetError:
        # it knows the engine's surfaces, which take a moment to load
        from tuinn.descent import surface_presets

        if name not in {preset.name for preset in surface_presets()}:
            raise
        return None, name


def _is_terminal(stream: object) -> bool:
    return bool(stream is not None and getattr(stream, "isatty", bool)())
