"""`tuinn [PRESET]`: the laboratory itself."""

from __future__ import annotations

import math
import sys

from tuinn.allowed import ConfigError, did_you_mean
from tuinn.cli.parser import VERB_HELP, app_parser
from tuinn.preset import PresetError, find


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
    if not (_is_terminal(sys.stdin) and _is_terminal(sys.stdout)):
        raise PresetError(
            "the laboratory needs a terminal for its input and output; "
            "without one, use `tuinn train PRESET`"
        )
    preset = find(options.preset) if options.preset is not None else None

    from tuinn.app import TuinnApp

    app = TuinnApp(preset, options.demo, options.fps, options.draw)
    app.run(mouse=not options.no_mouse)
    return app.return_code or 0


def _is_terminal(stream: object) -> bool:
    return bool(stream is not None and getattr(stream, "isatty", bool)())
