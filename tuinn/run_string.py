"""One line that holds a run: its whole configuration and seed, where it was made, what came out.

    tuinn1:BASE64URL( CRC-32 (4 bytes) | length (LEB128) | deflate( JSON ) )

with the JSON list [configuration, environment, curve hash, update, data hash, name]. The deflate
stream begins with a dictionary of what nearly every configuration has in it (`tuinn.likely`),
which makes the line about a third as long.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import zlib
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from tuinn.allowed import ConfigError
from tuinn.config import Config, parse, tree
from tuinn.environment import Environment
from tuinn.likely import LIKELY

if TYPE_CHECKING:
    from tuinn.store import StoredRun

FORMAT = 1
BEGIN = f"tuinn{FORMAT}:"
MOST_BYTES = 64_000_000
"""Of the JSON: what is larger was made to fill somebody's memory."""


@dataclass(frozen=True, slots=True)
class RunString:
    """What a run string says."""

    config: Config
    """As the run began; without `look_for`, which says nothing of the run."""
    environment: Environment
    curve_hash: str
    """`Trainer.curve_hash` at `update`; "" where there is nothing to compare with: the run did not
    follow its configuration to the end, since something was changed by hand."""
    data_hash: str
    """`tuinn.fingerprint` of the data; "" where it is not known."""
    update: int = 0
    """How far the run had come; without meaning where there is no curve hash."""
    name: str = ""
    """Of the preset."""


def of_stored(run: StoredRun) -> RunString:
    """What the run string of a run from the store says: that of a changed run repeats only what
    it began with."""
    # an end that was put off is part of what it takes to come as far
    return RunString(
        config=msgspec.structs.replace(run.config, stop=run.now.stop),
        environment=run.environment,
        curve_hash="" if run.changed else run.curve_hash,
        data_hash=run.data_hash,
        update=0 if run.changed else run.curve_update,
        name=run.name,
    )


def is_run_string(text: str) -> bool:
    """Whether a text is meant as a run string, whatever its format and state."""
    return re.match(r"\s*tuinn\d*:", text) is not None


def encode(run: RunString) -> str:
    """``run`` in one line of letters, digits, "-", "_" and one ":"."""
    config = tree(run.config)
    config.pop("look_for", None)
    fields: list[Any] = [config, list(astuple(run.environment))]
    fields += [run.curve_hash, run.update, run.data_hash, run.name]
    text = json.dumps(fields, separators=(",", ":"), ensure_ascii=False)
    deflate = zlib.compressobj(9, wbits=-15, memLevel=9, zdict=LIKELY)
    packed = deflate.compress(text.encode()) + deflate.flush()
    body = _leb128(len(packed)) + packed
    whole = zlib.crc32(body).to_bytes(4, "big") + body
    return BEGIN + base64.urlsafe_b64encode(whole).decode().rstrip("=")


def decode(text: str) -> RunString:
    """What a run string says; white space in it, as a mail may add, does not matter.

    Raises `ConfigError` where it is damaged, cut off, of a newer format, or none at all.
    """
    word = "".join(text.split())
    found = re.match(r"tuinn(\d+):", word)
    if found is None:
        raise ConfigError(f"this is no run string: it must begin with {BEGIN}")
    if int(found[1]) > FORMAT:
        raise ConfigError(
            f"the run string is of format {found[1]}, that of a newer tuinn; this one reads "
            f"{BEGIN}…: a newer version of tuinn is needed"
        )
    if int(found[1]) != FORMAT:
        raise ConfigError(f"the run string is damaged: there is no format {found[1]}")
    plain = _unpacked(word[found.end() :])
    try:
        config, environment, curve_hash, update, data_hash, name = json.loads(plain)
        run = RunString(
            parse(config, "the run string"),
            Environment(*environment),
            str(curve_hash),
            str(data_hash),
            int(update),
            str(name),
        )
    except ConfigError as error:
        # its checksum is right: whoever wrote it allows more
        raise ConfigError(f"{error}; it may be of a newer version of tuinn", error.field) from None
    except (ValueError, TypeError) as error:
        raise ConfigError(f"the run string is damaged: {error}") from None
    return run


def _unpacked(word: str) -> bytes:
    """The JSON in the base64 of a run string; `ConfigError`."""
    if not re.fullmatch(r"[\w-]*", word, re.ASCII):
        bad = re.sub(r"[\w-]", "", word, flags=re.ASCII)[0]
        raise ConfigError(f"the run string is damaged: {bad!r} cannot be in it")
    cut_off = ConfigError("the run string is cut off: copy the whole line")
    try:
        # a part of four characters that ends after one of them holds no byte
        whole = base64.urlsafe_b64decode(word[: len(word) - (len(word) % 4 == 1)] + "===")
    except binascii.Error as error:
        raise ConfigError(f"the run string is damaged: {error}") from None
    code, body = whole[:4], whole[4:]
    length, begin = _read_leb128(body)
    if length is None or len(body) - begin < length:
        raise cut_off
    if len(body) - begin > length or zlib.crc32(body).to_bytes(4, "big") != code:
        raise ConfigError("the run string is damaged: its checksum is wrong; copy it once more")
    inflate = zlib.decompressobj(wbits=-15, zdict=LIKELY)
    try:
        plain = inflate.decompress(body[begin:], MOST_BYTES)
    except zlib.error as error:
        raise ConfigError(f"the run string is damaged: {error}") from None
    if not inflate.eof:
        raise ConfigError(f"the run string is damaged: it holds more than {MOST_BYTES} bytes")
    return plain


def _leb128(number: int) -> bytes:
    """``number`` in parts of 7 bits, the lowest first; the last has its highest bit clear."""
    parts = bytearray()
    while number >= 128:
        parts.append(number & 127 | 128)
        number >>= 7
    return bytes([*parts, number])


def _read_leb128(body: bytes) -> tuple[int | None, int]:
    """(the number at the beginning of ``body``, where it ends); None where ``body`` ends first."""
    number = 0
    for place, part in enumerate(body[:9]):
        number |= (part & 127) << (7 * place)
        if part < 128:
            return number, place + 1
    return None, len(body)
