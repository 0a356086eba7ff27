"""`tuinn runs`: what was kept, and what a person does with it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence

from tuinn.cli.stored import ids_of, is_id, opened
from tuinn.config import ConfigError

ACTIONS = ("show", "rm", "tag", "note", "export")
USAGE = """tuinn runs [FILTER] [--sort FIELD] [--reverse] [--limit N] [--json]
       tuinn runs show ID … [--json]
       tuinn runs rm ID … [--yes]
       tuinn runs tag ID … [TAG …] [--remove TAG]
       tuinn runs note ID [TEXT]
       tuinn runs export ID … FILE [--format FORMAT]"""
EPILOG = """FILTER is words, expressions over results and settings, or both:
  tuinn runs adam 'validation_accuracy > 0.95'
  tuinn runs 'optimizer.name == "adam" and not (tag == draft or status == diverged)'

What is exported is said by the ending of FILE: .csv and .jsonl (figures), .npz (weights), .html and
.svg (a report, which compares several runs); a folder, as in events/, takes TensorBoard event
files. An empty TEXT removes a note."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.usage, parser.epilog = USAGE, EPILOG
    add = parser.add_argument
    add("words", nargs="*", metavar="FILTER", help="which runs are listed; or show, rm, …")
    add("--json", action="store_true", help="one JSON list")
    add("--sort", metavar="FIELD", help="by a result or a setting (default: the newest first)")
    add("--reverse", action="store_true", help="the other way round")
    add("--limit", type=int, metavar="N", help="list the first N only")
    add("--yes", action="store_true", help="rm: do not ask")
    add("--remove", action="append", default=[], metavar="TAG", help="tag: take it away")
    add("--format", metavar="FORMAT", help="export: csv, jsonl, npz, html, svg or tensorboard")


def run(options: argparse.Namespace) -> int:
    words: list[str] = options.words
    action = words[0] if words and words[0] in ACTIONS else ""
    _check_options(options, action)
    if not action:
        from tuinn.cli.run_list import show

        return show(options)
    does: dict[str, Callable[[argparse.Namespace, list[str]], int]] = {
        "show": _show,
        "rm": _remove,
        "tag": _tag,
        "note": _note,
        "export": _export,
    }
    return does[action](options, words[1:])


def _check_options(options: argparse.Namespace, action: str) -> None:
    """Raise `ConfigError` for an option that the action does not know."""
    belongs = {
        "json": ("", "show"),
        "sort": ("",),
        "reverse": ("",),
        "limit": ("",),
        "yes": ("rm",),
        "remove": ("tag",),
        "format": ("export",),
    }
    for name, actions in belongs.items():
        if getattr(options, name) not in (None, False, []) and action not in actions:
            verb = f"tuinn runs {action}".rstrip()
            raise ConfigError(f"`{verb}` has no option --{name}; `tuinn runs --help` shows all")
    if options.limit is not None and options.limit < 1:
        raise ConfigError(f"`--limit` must be >= 1, got {options.limit}")


def _named(words: Sequence[str], action: str) -> list[int]:
    """The runs that an action is for; at least one."""
    ids = ids_of(words)
    if not ids:
        raise ConfigError(f"`tuinn runs {action}` needs the ID of a run; `tuinn runs` lists them")
    return ids


def _show(options: argparse.Namespace, words: list[str]) -> int:
    ids = _named(words, "show")
    from tuinn.cli.run_details import as_json, as_text

    with opened() as store:
        found = [(run, store.marks(run.id)) for run in map(store.run, ids)]
    if options.json:
        from tuinn.records import json_line

        print(json_line([as_json(run, marks) for run, marks in found]))
        return 0
    print("\n\n".join(as_text(run, marks) for run, marks in found))
    return 0


def _remove(options: argparse.Namespace, words: list[str]) -> int:
    ids = _named(words, "rm")
    with opened(write=True) as store:
        runs = [store.run(number) for number in ids]
        for one in runs:
            if one.owner_pid is not None:
                raise ConfigError(
                    f"run {one.id} is in use by process {one.owner_pid}: end it first"
                )
        if not options.yes and not _agreed([f"run {one.id} ({one.name})" for one in runs]):
            print("nothing was deleted")
            return 0
        store.delete(ids)
    print(f"deleted {_many(len(ids))}")
    return 0


def _agreed(names: Sequence[str]) -> bool:
    """Ask the person at the terminal; `ConfigError` where nobody is there."""
    if sys.stdin is None or not sys.stdin.isatty():
        raise ConfigError("nobody can be asked here: `tuinn runs rm --yes` deletes without asking")
    print(f"delete {', '.join(names)} for good? [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _tag(options: argparse.Namespace, words: list[str]) -> int:
    numbers = next((n for n, word in enumerate(words) if not is_id(word)), len(words))
    ids, tags = _named(words[:numbers], "tag"), words[numbers:]
    removed: list[str] = options.remove
    for tag in (*tags, *removed):
        if not tag.strip() or len(tag.split()) > 1 or not tag.isprintable():
            raise ConfigError(f"a tag is one word, got {tag!r}")
    if not tags and not removed:
        with opened() as store:
            for one in map(store.run, ids):
                print(f"run {one.id}: {' '.join(one.tags) or 'no tags'}")
        return 0
    with opened(write=True) as store:
        store.tag(ids, add=tags, remove=removed)
        for one in map(store.run, ids):
            print(f"run {one.id}: {' '.join(one.tags) or 'no tags'}")
    return 0


def _note(options: argparse.Namespace, words: list[str]) -> int:
    (number,) = _named(words[:1], "note")
    if len(words) == 1:
        with opened() as store:
            print(store.run(number).note or f"run {number} has no note")
        return 0
    text = " ".join(words[1:]).strip()
    with opened(write=True) as store:
        store.run(number)
        store.note(number, text)
    print(f"run {number}: {'note written' if text else 'note removed'}")
    return 0


def _export(options: argparse.Namespace, words: list[str]) -> int:
    if len(words) < 2 or is_id(words[-1]):
        raise ConfigError("`tuinn runs export` needs ID and FILE: `tuinn runs export 12 out.csv`")
    ids = _named(words[:-1], "export")
    from tuinn.export import export

    with opened() as store:
        for path in export(store, ids, words[-1], options.format):
            print(path)
    return 0


def _many(runs: int) -> str:
    return f"{runs} run{'' if runs == 1 else 's'}"
