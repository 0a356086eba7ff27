"""The one exception of the data package."""

from __future__ import annotations


class DataError(ValueError):
    """Data that cannot be used: says where, what is allowed and what was got.

    ``field`` names the setting that is to blame ("data.n", "data.validation", …); it is empty
    where a file or an array is.
    """

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field

    def __reduce__(self) -> tuple[type[DataError], tuple[str, str]]:
        return type(self), (str(self), self.field)
