"""What every record of settings is made of: types with ranges, what the form says of a field."""

from __future__ import annotations

from typing import Annotated, Any, get_type_hints

from msgspec import Meta, Struct

Count = Annotated[int, Meta(ge=1)]
Positive = Annotated[float, Meta(gt=0)]
NonNegative = Annotated[float, Meta(ge=0)]
Share = Annotated[float, Meta(ge=0, le=1)]


class Base(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What all the groups share: immutable, and a misspelt field is an error."""


def about(label: str, help: str, unit: str = "", group: str = "") -> Meta:
    """What the form shows for a field; its limits belong to its type."""
    extra = {"unit": unit, "group": group}
    return Meta(title=label, description=help, extra=extra)


def hints(group: type[Base]) -> dict[str, Any]:
    """The annotated types of ``group``'s fields, in their order."""
    return get_type_hints(group, include_extras=True)


def is_group(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, Base)
