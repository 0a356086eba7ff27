"""Choose the verb, run it, and turn every way it can end into a message and an exit status."""

from __future__ import annotations

import contextlib
import importlib
import os
import signal
import sys
from types import FrameType

from tuinn.allowed import ConfigError
from tuinn.cli.parser import VERB_HELP, joined, verb_parser
from tuinn.cli.say import say
from tuinn.preset import PresetError

DONE, BUG, BAD_INPUT, DIVERGED = 0, 1, 2, 3


class Signalled(BaseException):
    """SIGTERM or SIGHUP arrived; the exit status is 128 + its number, as for a shell."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def dispatch(arguments: list[str]) -> int:
    """Run the command line ``arguments``; returns the exit status.

    0 done, 1 a bug or a worker that died, 2 bad input, 3 diverged, 4 a run that was repeated has
    another curve, 128 + n ended by signal n (130 for ctrl+c).
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    for number in (signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _raise)
    try:
        status = _run(arguments)
        if sys.stdout is not None:
            sys.stdout.flush()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else BAD_INPUT
    except BrokenPipeError:
        # whoever read the output has seen enough (`| head`); nothing more may be written there
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 128 + signal.SIGPIPE
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    except Signalled as signalled:
        return 128 + signalled.number
    except (ConfigError, PresetError) as error:
        return _refused(str(error))
    except OSError as error:
        return _refused(f"{error.filename or 'input or output'}: {error.strerror or error}")
    except MemoryError as error:
        return _refused(f"not enough memory: {error or 'choose a smaller network or set'}")
    except Exception as error:
        if os.environ.get("TUINN_DEBUG") == "1":
            raise
        what = f"{type(error).__name__}: {error}"
        say(f"this is a bug in tuinn ({what}); TUINN_DEBUG=1 shows where it comes from")
        return BUG
    return status


def _run(arguments: list[str]) -> int:
    verb = arguments[0] if arguments else ""
    if verb not in VERB_HELP:
        from tuinn.cli import lab

        return lab.run(arguments)
    module = importlib.import_module(f"tuinn.cli.{verb}")
    parser = verb_parser(verb)
    module.add_arguments(parser)
    status: int = module.run(parser.parse_args(joined(arguments[1:])))
    return status


def _refused(message: str) -> int:
    say(message)
    return BAD_INPUT


def _raise(number: int, frame: FrameType | None) -> None:
    raise Signalled(number)
