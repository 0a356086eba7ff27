"""Reads a filter: a recursive descent over its words, which makes a tree and runs nothing.

filter     = [ or ]
or         = and { "or" and }
and        = not { [ "and" ] not }
not        = "not" not | "(" or ")" | comparison | word | "text"
comparison = operand ( "==" | "!=" | "<" | "<=" | ">" | ">=" | ["not"] "in" | "contains" ) operand
operand    = number [ "%" ] | "text" | true | false | none | FIELD | word | list
list       = ( "[" | "(" ) [ operand { "," operand } ] ( "]" | ")" )
"""

from __future__ import annotations

import re

from tuinn.store.filter_fields import asked, unknown
from tuinn.store.filter_tree import And, Comparison, Field, Literal, Not, Or, Tree, Value, Word
from tuinn.store.filter_words import OPERATORS, FilterError, Token, tokens

DEEPEST = 50
"""How deep brackets and `not` may stand in each other."""

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_CONSTANTS: dict[str, bool | None] = {"true": True, "false": False, "none": None}


def read(text: str) -> Tree:
    """The tree of a filter; `FilterError`."""
    return _Reader(tokens(text)).filter()


def number(text: str) -> float | int | None:
    """What a word says as a number, in percent too: "95%" is 0.95; None where it is none."""
    share = text.endswith("%")
    digits = (text[:-1] if share else text).replace("−", "-")
    if not _NUMBER.fullmatch(digits):
        return None
    value = float(digits) if re.search(r"[.eE]", digits) else int(digits)
    return value / 100 if share else value


class _Reader:
    def __init__(self, found: list[Token]) -> None:
        self._tokens = found
        self._at = 0
        self._depth = 0

    @property
    def _next(self) -> Token:
        return self._tokens[self._at]

    def _after(self, by: int = 1) -> Token:
        return self._tokens[min(self._at + by, len(self._tokens) - 1)]

    def _take(self) -> Token:
        token = self._next
        self._at = min(self._at + 1, len(self._tokens) - 1)
        return token

    def filter(self) -> Tree:
        if self._next.kind == "end":
            return And(())
        tree = self._or()
        rest = self._after(0)
        if rest.kind != "end":
            raise FilterError(f"{rest} stands where nothing can", rest.column)
        return tree

    def _or(self) -> Tree:
        parts = [self._and()]
        while self._next.keyword() == "or":
            self._take()
            parts.append(self._and())
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _and(self) -> Tree:
        parts = [self._not()]
        while True:
            if self._next.keyword() == "and":
                self._take()
            elif self._ends():
                break
            parts.append(self._not())
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _ends(self) -> bool:
        """Whether what comes next belongs to what stands around."""
        token = self._next
        return token.kind == "end" or token.keyword() == "or" or token.sign(")", "]", ",")

    def _not(self) -> Tree:
        token = self._next
        self._depth += 1
        if self._depth > DEEPEST:
            raise FilterError(f"brackets and `not` stand more than {DEEPEST} deep", token.column)
        if token.keyword() == "not":
            self._take()
            tree: Tree = Not(self._not())
        elif token.sign("("):
            self._take()
            tree = self._or()
            self._close(token, ")")
        else:
            tree = self._plain()
        self._depth -= 1
        return tree

    def _close(self, opened: Token, sign: str) -> None:
        if not self._next.sign(sign):
            if self._next.kind == "end":
                raise FilterError(f"{opened} is not closed", opened.column)
            raise FilterError(f"`{sign}` must stand here, not {self._next}", self._next.column)
        self._take()

    def _plain(self) -> Tree:
        """A comparison, or a word that stands for itself."""
        token = self._next
        if token.kind in ("word", "text") and not token.keyword():
            if not self._compares(1) and not (self._after().text == "%" and self._compares(2)):
                self._take()
                return Word(token.text)
            return self._comparison()
        if token.kind == "end":
            before = self._tokens[self._at - 1] if self._at else token
            raise FilterError(f"something must follow {before}", token.column)
        if token.keyword() in ("and", "or"):
            raise FilterError(f"something must stand before {token}", token.column)
        if token.sign(*OPERATORS) or token.keyword():
            raise FilterError(f"a field must stand before {token}", token.column)
        raise FilterError(f"a word or a comparison must stand here, not {token}", token.column)

    def _compares(self, by: int) -> bool:
        """Whether an operator stands so many words on."""
        token = self._after(by)
        if token.keyword() == "not":
            return self._after(by + 1).keyword() == "in"
        return token.sign(*OPERATORS) or token.keyword() in ("in", "contains")

    def _comparison(self) -> Tree:
        left = self._operand()
        token = self._take()
        turned = token.keyword() == "not"
        if turned:
            token = self._take()
        operator = token.keyword() or token.text
        right = self._operand(many=operator == "in" or token.sign("==", "!="))
        if self._compares(0):
            raise FilterError(
                "one comparison at a time: join them with `and`, as in x > 1 and x < 2",
                self._next.column,
            )
        tree = Comparison(left, operator, right)
        _check_sides(tree)
        return Not(tree) if turned else tree

    def _operand(self, many: bool = False) -> Field | Literal:
        token = self._next
        if many and token.sign("[", "("):
            return self._list()
        if token.kind == "end":
            raise FilterError(
                f"a value must follow {self._tokens[self._at - 1]}", self._next.column
            )
        if token.kind == "sign" or token.keyword():
            raise FilterError(f"a value must stand here, not {token}", token.column)
        self._take()
        if token.kind == "text":
            return Literal(token.text, token.column)
        figure = number(token.text)
        if figure is not None:
            if self._next.text == "%" and self._next.kind == "word":
                self._take()
                figure = figure / 100
            return Literal(figure, token.column)
        low = token.text.lower()
        if low in _CONSTANTS:
            return Literal(_CONSTANTS[low], token.column)
        if token.text in asked():
            return Field(asked()[token.text].name, token.column)
        return Literal(token.text, token.column, bare=True)

    def _list(self) -> Literal:
        opened = self._take()
        closing = "]" if opened.text == "[" else ")"
        values: list[Value] = []
        while not self._next.sign(closing):
            item = self._operand()
            if isinstance(item, Field):
                # its name is as good a text as any other
                item = Literal(item.name, item.column)
            values.append(item.value)
            if self._next.sign(","):
                self._take()
            elif not self._next.sign(closing):
                self._close(opened, closing)
        self._take()
        return Literal(tuple(values), opened.column)


def _check_sides(tree: Comparison) -> None:
    """Raise `FilterError` where no field is compared, or something that is none."""
    left, right = tree.left, tree.right
    if isinstance(left, Literal) and left.bare and tree.operator != "in":
        raise FilterError(unknown(str(left.value)), left.column)
    if isinstance(left, Field) or isinstance(right, Field):
        return
    for side in (left, right):
        if side.bare:
            raise FilterError(unknown(str(side.value)), side.column)
    raise FilterError("one side must be a field, as epoch or optimizer.eta", left.column)
