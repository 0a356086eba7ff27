"""Text in HTML and SVG: names and notes are those of strangers."""

from __future__ import annotations

import html
import re

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""What XML does not allow at all, however it is escaped."""


def escaped(text: object) -> str:
    """``text`` as the content of an element or of an attribute; never markup."""
    return html.escape(_FORBIDDEN.sub("\ufffd", str(text)), quote=True)
