"""The parser of the command line; nothing heavy is imported to build it."""

from __future__ import annotations

import argparse
import re
from typing import NoReturn

from tuinn.cli.say import say

VERB_HELP = {
    "train": "train without the screen: for scripts, and to write JSON, CSV and checkpoints",
    "descend": "let optimisers walk on a surface of two parameters, without the screen",
    "presets": "list the presets",
    "datasets": "list the sets of data",
    "show": "print the configuration of a preset",
    "runs": "list the runs that were kept; show, tag, note, delete and export them",
    "compare": "compare runs that were kept: a table and a chart in plain text",
}


class Parser(argparse.ArgumentParser):
    """Errors are one line on stderr and exit status 2."""

    def error(self, message: str) -> NoReturn:
        say(f"{message}; `{self.prog} --help` shows what is possible")
        raise SystemExit(2)


def joined(words: list[str]) -> list[str]:
    """``words`` with each value that begins with a minus joined to its option.

    argparse takes "-1.2,1" for an option of its own, and "--start=-1.2,1" for what it is.
    """
    found: list[str] = []
    for word in words:
        if found and found[-1].startswith("--") and re.match(r"-[\d.]", word):
            found[-1] += f"={word}"
        else:
            found.append(word)
    return found


def verb_parser(verb: str) -> Parser:
    """An empty parser for one verb."""
    return Parser(prog=f"tuinn {verb}", description=_sentence(VERB_HELP[verb]), allow_abbrev=False)


def app_parser() -> Parser:
    """The parser for `tuinn` without a verb."""
    width = max(map(len, VERB_HELP))
    verbs = "\n".join(f"  {verb:<{width}}  {does}" for verb, does in VERB_HELP.items())
    parser = Parser(
        prog="tuinn",
        description="A neural-network laboratory in the terminal.",
        epilog=f"verbs (`tuinn VERB --help`):\n{verbs}\n\n"
        "--threads N, anywhere: BLAS threads (default 1; more help very wide networks only)",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument(
        "presets",
        nargs="*",
        metavar="PRESET",
        help="a preset of the lab or of the Surface screen, a .toml file, or a run string; two to "
        "six presets are raced side by side",
    )
    parser.add_argument(
        "--repeat",
        type=int,
        default=1,
        metavar="N",
        help="race with N seeds of each preset (default 1)",
    )
    parser.add_argument(
        "--ghost",
        action="append",
        default=[],
        metavar="FILE",
        dest="ghosts",
        help="lay a published or saved curve behind those of a race: CSV or JSON with columns "
        "epoch and value, or a figure such as validation_loss; may be given again",
    )
    parser.add_argument("--resume", type=int, metavar="ID", help="open a run that was kept")
    parser.add_argument("--unsaved", action="store_true", help="do not keep the runs")
    parser.add_argument("--demo", action="store_true", help="start training at once")
    parser.add_argument(
        "--fps", type=float, default=10.0, metavar="N", help="frames a second (default 10)"
    )
    parser.add_argument("--no-mouse", action="store_true", help="leave the mouse to the terminal")
    parser.add_argument(
        "--draw",
        choices=("braille", "block", "ascii"),
        default="braille",
        help="what curves are drawn with (default braille)",
    )
    parser.add_argument(
        "--rewind",
        type=float,
        default=64.0,
        metavar="MB",
        help="memory for the moments that can be looked back at (default 64)",
    )
    parser.add_argument("--version", action="store_true", help="print the version and exit")
    return parser


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:] + "."
