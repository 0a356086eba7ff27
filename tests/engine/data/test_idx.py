"""IDX files: round trip, and every way in which one can be broken."""

import gzip
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from engine.data import DataError, load
from engine.data.idx import read_idx, read_idx_folder


def idx(values, kind=8):
    """The content of an IDX file, by the format's definition."""
    values = np.asarray(values, dtype=np.uint8)
    return (
        struct.pack(f">HBB{values.ndim}I", 0, kind, values.ndim, *values.shape) + values.tobytes()
    )


IMAGES = np.arange(4 * 2 * 3, dtype=np.uint8).reshape(4, 2, 3)
LABELS = np.array([1, 0, 2, 1], dtype=np.uint8)


@pytest.fixture
def folder(tmp_path):
    """A small training pair, one file plain and one compressed, and a t10k pair."""
    (tmp_path / "train-images-idx3-ubyte").write_bytes(idx(IMAGES))
    (tmp_path / "train-labels-idx1-ubyte.gz").write_bytes(gzip.compress(idx(LABELS)))
    (tmp_path / "t10k-images-idx3-ubyte.gz").write_bytes(gzip.compress(idx(IMAGES[:2])))
    (tmp_path / "t10k-labels-idx1-ubyte").write_bytes(idx(LABELS[:2]))
    return tmp_path


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    return tmp_path_factory.mktemp("idx") / "values"


@given(
    arrays.arrays(np.uint8, arrays.array_shapes(min_dims=1, max_dims=4, max_side=6)), st.booleans()
)
def test_what_is_written_is_read(file, values, compressed):
    file.write_bytes(gzip.compress(idx(values)) if compressed else idx(values))
    np.testing.assert_array_equal(read_idx(file, values.ndim), values)


@given(arrays.arrays(np.uint8, (2, 3, 2)), st.integers(0, 27), st.booleans())
def test_no_truncated_file_is_accepted(file, values, length, compressed):
    content = idx(values)
    assert len(content) == 28
    file.write_bytes(gzip.compress(content[:length]) if compressed else content[:length])
    with pytest.raises(DataError, match=r"truncated|two zero bytes") as caught:
        read_idx(file, 3)
    assert str(file) in str(caught.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "must begin with two zero bytes, got b''"),
        (b"\x89PNG", r"must begin with two zero bytes, got b'\\x89PNG'"),
        (idx(IMAGES, kind=13), r"must be unsigned bytes \(type 8\), got type 13"),
        (idx(LABELS), "must have 3 dimensions, got 1"),
        (idx(IMAGES)[:10], "truncated: its header needs 16 bytes, got 10"),
        (idx(IMAGES)[:-1], r"truncated: \(4, 2, 3\) needs 24 values, got 23"),
        (idx(IMAGES) + b"x", r"left over at the end: \(4, 2, 3\) needs 24 values, got 25"),
        (idx(np.zeros((0, 2, 2))), r"every dimension must be at least 1, got \(0, 2, 2\)"),
        (gzip.compress(idx(IMAGES))[:-9], "truncated: the compressed data end too early"),
        (gzip.compress(idx(IMAGES))[:-6] + b"\0\0\0\0\0\0", "the compressed data are damaged"),
        (b"\x1f\x8b" + b"\xff" * 20, "the compressed data are damaged"),
    ],
)
def test_a_broken_file_is_named_with_what_is_wrong(tmp_path, content, message):
    path = tmp_path / "broken"
    path.write_bytes(content)
    with pytest.raises(DataError, match=message) as caught:
        read_idx(path, 3)
    assert str(caught.value).startswith(f"{path}: ")


def test_a_file_that_cannot_be_read(tmp_path):
    with pytest.raises(DataError, match="cannot be read: Is a directory"):
        read_idx(tmp_path, 3)


def test_a_folder_becomes_a_set_with_its_test_part(folder):
    made = read_idx_folder(folder)
    assert (made.name, made.image_shape, made.classes) == (folder.name, (2, 3), ("0", "1", "2"))
    np.testing.assert_array_equal(made.X, IMAGES.reshape(4, 6) / 256)
    np.testing.assert_array_equal(made.labels, LABELS)
    np.testing.assert_array_equal(made.test.X, IMAGES[:2].reshape(2, 6) / 256)
    assert made.test.labels.tolist() == [1, 0]


def test_pixels_are_the_books_to_the_last_bit(folder):
    (folder / "train-images-idx3-ubyte").write_bytes(idx(np.arange(256).reshape(4, 8, 8)))
    for name in ("t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte"):
        (folder / name).unlink()
    book = (np.arange(256, dtype=np.float32) / np.float32(256)).astype(np.float64)
    made = read_idx_folder(folder)
    np.testing.assert_array_equal(made.X.ravel(), book)
    assert made.X.max() < 1
    assert made.test is None


def test_n_takes_the_first_training_images_only(folder):
    made = load(folder, n=2)
    np.testing.assert_array_equal(made.X, IMAGES[:2].reshape(2, 6) / 256)
    assert made.classes == ("0", "1", "2")
    assert made.test.n == 2
    with pytest.raises(DataError, match=r"`data.n` must be from 2 to 4 .*, got 5"):
        load(folder, n=5)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("train-labels-idx1-ubyte.gz", idx(LABELS[:3]), "each of the 4 images of .*, got 3"),
        ("train-labels-idx1-ubyte.gz", None, r"must hold train-labels-idx1-ubyte \(plain or .gz\)"),
        ("t10k-labels-idx1-ubyte", None, "must hold t10k-labels-idx1-ubyte"),
        ("t10k-labels-idx1-ubyte", idx([0, 7]), "t10k labels must be from 0 to 2, .* got 7"),
        ("t10k-images-idx3-ubyte.gz", idx(np.zeros((2, 3, 3))), r"of size \(2, 3\), .* \(3, 3\)"),
        ("train-labels-idx1-ubyte.gz", idx([0] * 4), "all 4 examples are of class '0'"),
        ("train-labels-idx1-ubyte.gz", idx([1] * 4), "all 4 examples are of class '1'"),
    ],
)
def test_files_that_do_not_belong_together(folder, name, content, message):
    (folder / name).unlink()
    if content is not None:
        (folder / name).write_bytes(content)
    if content == idx([0] * 4):
        (folder / "t10k-labels-idx1-ubyte").write_bytes(idx([0, 0]))
    with pytest.raises(DataError, match=message):
        load(folder)


def test_the_real_mnist(mnist_folder):
    mnist = load("mnist")
    assert (mnist.name, mnist.n, mnist.d, mnist.image_shape) == ("mnist", 60_000, 784, (28, 28))
    assert mnist.classes == tuple("0123456789")
    assert mnist.labels[:10].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]
    assert mnist.test.labels[:5].tolist() == [7, 2, 1, 0, 4]
    assert np.bincount(mnist.labels).tolist() == [
        *(5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949)
    ]
    assert 256 * mnist.X.mean() == pytest.approx(33.318421, abs=1e-6)
    assert mnist.X.max() == 255 / 256
