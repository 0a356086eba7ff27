"""The words of a filter: a text is cut into words, quoted texts and signs, each with its column."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from tuinn.allowed import ConfigError

LONGEST = 2000
"""Characters that a filter may have."""
OPERATORS = ("==", "!=", "<=", ">=", "<", ">")
KEYWORDS = ("and", "or", "not", "in", "contains")


class FilterError(ConfigError):
    """A filter that cannot be understood: where, why, and what is allowed."""

    def __init__(self, message: str, column: int) -> None:
        """``column``: of the character where it goes wrong, from 1."""
        super().__init__(f"column {column}: {message}")
        self.column = column


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a filter."""

    kind: Literal["word", "text", "sign", "end"]
    """``text`` was written in quotes; a word was not."""
    text: str
    column: int
    """Of its first character, from 1."""

    def keyword(self) -> str:
        """Which of `KEYWORDS` it is; empty: none."""
        low = self.text.lower()
        return low if self.kind == "word" and low in KEYWORDS else ""

    def sign(self, *signs: str) -> bool:
        return self.kind == "sign" and self.text in signs

    def __str__(self) -> str:
        return "the end" if self.kind == "end" else f"`{self.text}`"


_TOKEN = re.compile(
    r"""\s*(?:
    (?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    |(?P<sign>==|!=|<=|>=|[<>=()\[\],])
    |(?P<word>[^\s()\[\],=<>!"'][^\s()\[\],=<>!"]*)
    )""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_WRONG = {"&&": "and", "||": "or", "&": "and", "|": "or"}


def tokens(text: str) -> list[Token]:
    """The words of ``text``, the last of which is its end; `FilterError`."""
    if len(text) > LONGEST:
        raise FilterError(
            f"a filter has at most {LONGEST} characters, this one has {len(text)}", LONGEST + 1
        )
    found: list[Token] = []
    at, end = 0, len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None:
            raise _unreadable(text, at)
        kind = match.lastgroup
        column = match.start(kind or 0) + 1
        match kind:
            case "text":
                found.append(Token("text", _ESCAPED.sub(r"\1", match["text"][1:-1]), column))
            case "sign":
                sign = "==" if match["sign"] == "=" else match["sign"]
                found.append(Token("sign", sign, column))
            case _:
                word = match["word"]
                if word in _WRONG:
                    raise FilterError(f"write `{_WRONG[word]}` for `{word}`", column)
                found.append(Token("word", word, column))
        at = match.end()
    return [*found, Token("end", "", end + 1)]


def _unreadable(text: str, at: int) -> FilterError:
    """What is wrong with a place where no word begins."""
    start = at + len(text[at:]) - len(text[at:].lstrip())
    if text[start] in "\"'":
        return FilterError(f"the quote {text[start]} has no end", start + 1)
    return FilterError("`!` stands only in `!=`; write `not`", start + 1)
