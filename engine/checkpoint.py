"""Checkpoints on disk: arrays in an .npz, written aside and moved into place in one step."""

from __future__ import annotations

import json
import os
import tempfile
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


class CheckpointError(ValueError):
    """A checkpoint that cannot be read or written; says which file and why."""


def save(path: str | Path, arrays: dict[str, Array], meta: dict[str, Any]) -> None:
    """Write `arrays`, and `meta` as JSON, to `path`. A reader finds the old file or the new one."""
    path = Path(path)
    try:
        descriptor, aside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise CheckpointError(f"{path}: cannot be written: {error.strerror}") from error
    try:
        with os.fdopen(descriptor, "wb") as file:
            np.savez(file, **{"meta": np.array(json.dumps(meta)), **arrays})  # type: ignore[arg-type]
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, path)
    except OSError as error:
        raise CheckpointError(f"{path}: cannot be written: {error.strerror}") from error
    finally:
        Path(aside).unlink(missing_ok=True)


def load(path: str | Path) -> tuple[dict[str, Array], dict[str, Any]]:
    """(arrays, meta) of a checkpoint."""
    path = Path(path)
    try:
        with path.open("rb") as stream:
            file = np.load(stream, allow_pickle=False)
            if not isinstance(file, np.lib.npyio.NpzFile):
                raise ValueError("it holds a single array")
            arrays = {name: file[name] for name in file.files}
        meta = json.loads(str(arrays.pop("meta")))
        if not isinstance(meta, dict):
            raise ValueError("its meta is no table")
        return arrays, meta
    except FileNotFoundError as error:
        raise CheckpointError(f"{path}: there is no such file") from error
    except OSError as error:
        raise CheckpointError(f"{path}: cannot be read: {error.strerror or error}") from error
    except (ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error, RuntimeError) as error:
        # RuntimeError is zipfile's for a member it cannot unpack; what numpy says is of no help
        raise CheckpointError(f"{path}: this is not a checkpoint of tuinn") from error
