"""Read the IDX files of MNIST and its relatives, plain or gzip-compressed.

An IDX file is two zero bytes, the type of its values (8: unsigned byte), the number of
dimensions, each dimension as a big-endian 32-bit number, and then the values.
"""

from __future__ import annotations

import gzip
import struct
import zlib
from math import prod
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.data.dataset import Dataset
from engine.data.errors import DataError

Bytes = NDArray[np.uint8]

UNSIGNED_BYTE: Final = 8
IMAGES: Final = "images-idx3-ubyte"
LABELS: Final = "labels-idx1-ubyte"
FILE_NAMES: Final = tuple(
    f"{part}-{what}" for part in ("train", "t10k") for what in (IMAGES, LABELS)
)


def read_idx(path: Path, dimensions: int) -> Bytes:
    """The unsigned bytes of an IDX file that must have so many ``dimensions``, none of them 0.

    Whether it is compressed is told by its first bytes, not by its name.
    """
    data = _content(path)
    header = 4 + 4 * dimensions
    if len(data) < 4 or data[:2] != b"\0\0":
        raise DataError(f"{path}: an IDX file must begin with two zero bytes, got {data[:4]!r}")
    if data[2] != UNSIGNED_BYTE:
        raise DataError(f"{path}: its values must be unsigned bytes (type 8), got type {data[2]}")
    if data[3] != dimensions:
        raise DataError(f"{path}: must have {dimensions} dimensions, got {data[3]}")
    if len(data) < header:
        raise DataError(f"{path}: truncated: its header needs {header} bytes, got {len(data)}")
    shape = struct.unpack(f">{dimensions}I", data[4:header])
    if 0 in shape:
        raise DataError(f"{path}: every dimension must be at least 1, got {shape}")
    expected, got = prod(shape), len(data) - header
    if got != expected:
        problem = "truncated" if got < expected else "bytes left over at the end"
        raise DataError(f"{path}: {problem}: {shape} needs {expected} values, got {got}")
    return np.frombuffer(data, dtype=np.uint8, offset=header).reshape(shape)


def _content(path: Path) -> bytes:
    try:
        data = path.read_bytes()
        return gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
    except EOFError as error:
        raise DataError(f"{path}: truncated: the compressed data end too early") from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise DataError(f"{path}: the compressed data are damaged: {error}") from error
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror}") from error


def find(folder: Path, name: str) -> Path | None:
    """The file ``name`` in ``folder``, plain or else as .gz; None where there is neither."""
    for candidate in (folder / name, folder / f"{name}.gz"):
        if candidate.is_file():
            return candidate
    return None


def is_idx_folder(folder: Path) -> bool:
    """Whether ``folder`` holds any of the four standard files."""
    return folder.is_dir() and any(find(folder, name) for name in FILE_NAMES)


def read_idx_folder(folder: Path, *, name: str | None = None, n: int | None = None) -> Dataset:
    """The set in the four standard files of ``folder``, the t10k pair as its test part.

    The t10k pair may be absent as a whole. ``n`` takes the first n training examples. Pixels
    are divided by 256, so they lie in [0, 1); that is exact, in float32 as in float64.
    """
    name = name or folder.resolve().name
    images, labels = _pair(folder, "train")
    n_classes = int(labels.max()) + 1
    classes = tuple(str(k) for k in range(max(n_classes, 2)))
    test = None
    if any(find(folder, f"t10k-{what}") for what in (IMAGES, LABELS)):
        test_images, test_labels = _pair(folder, "t10k")
        if test_images.shape[1:] != images.shape[1:]:
            raise DataError(
                f"{folder}: the t10k images must be of size {images.shape[1:]}, as the training "
                f"images are; got {test_images.shape[1:]}"
            )
        if test_labels.max() >= n_classes:
            raise DataError(
                f"{folder}: the t10k labels must be from 0 to {n_classes - 1}, as the training "
                f"labels are; got {test_labels.max()}"
            )
        test = Dataset(
            f"{name} (test)",
            _pixels(test_images),
            labels=test_labels.astype(np.int64),
            classes=classes,
            image_shape=test_images.shape[1:],
            one_class=True,
        )
    if n is not None:
        if not 2 <= n <= len(images):
            raise DataError(
                f"`data.n` must be from 2 to {len(images)} for {name}, got {n}", "data.n"
            )
        images, labels = images[:n], labels[:n]
    return Dataset(
        name,
        _pixels(images),
        labels=labels.astype(np.int64),
        classes=classes,
        image_shape=images.shape[1:],
        test=test,
    )


def _pixels(images: Bytes) -> NDArray[np.float64]:
    """Images (n, height, width) as rows (n, height · width) in [0, 1)."""
    return np.multiply(images.reshape(len(images), -1), 1 / 256, dtype=np.float64)


def _pair(folder: Path, part: str) -> tuple[Bytes, Bytes]:
    paths = []
    for name in (f"{part}-{IMAGES}", f"{part}-{LABELS}"):
        path = find(folder, name)
        if path is None:
            raise DataError(f"{folder}: must hold {name} (plain or .gz)")
        paths.append(path)
    images, labels = read_idx(paths[0], 3), read_idx(paths[1], 1)
    if len(images) != len(labels):
        raise DataError(
            f"{paths[1]}: must hold a label for each of the {len(images)} images of "
            f"{paths[0].name}, got {len(labels)}"
        )
    return images, labels
