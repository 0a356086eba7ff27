"""Finding sets by name and by path."""

import gzip
import struct

import numpy as np
import pytest

from engine.data import DataError, catalogue, found, load
from engine.data.idx import FILE_NAMES

TEXT = "a,b,kind\n1,2,x\n3,4,y\n"


def write_idx(folder):
    """Four examples and two test examples of 2×2 images."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in FILE_NAMES:
        n = 4 if name.startswith("train") else 2
        shape = (n, 2, 2) if "images" in name else (n,)
        header = struct.pack(f">HBB{len(shape)}I", 0, 8, len(shape), *shape)
        values = (np.arange(np.prod(shape)) % 2).astype(np.uint8)
        (folder / f"{name}.gz").write_bytes(gzip.compress(header + values.tobytes()))


@pytest.fixture
def root(tmp_path, monkeypatch):
    """An empty folder that TUINN_DATA names."""
    monkeypatch.setenv("TUINN_DATA", str(tmp_path))
    return tmp_path


def test_the_catalogue_tells_what_load_gives(root):
    entries = {entry.name: entry for entry in catalogue()}
    assert list(entries) == [
        *("xor-table", "circle", "xor", "gauss", "spiral", "moons", "plane", "multi-gauss"),
        *("one-neuron", "iris", "digits", "mnist"),
    ]
    assert not entries.pop("mnist").available
    for name, entry in entries.items():
        made = load(name)
        assert entry.available
        assert (made.name, made.kind, made.classes) == (name, entry.kind, entry.classes)
        assert (made.n, made.d) == (entry.examples, entry.inputs)
        assert (made.raw is not None) == (made.d == 2)


def test_iris():
    iris = load("iris")
    assert np.bincount(iris.labels).tolist() == [50, 50, 50]
    assert iris.X[0].tolist() == [5.1, 3.5, 1.4, 0.2]
    assert iris.feature_names[0] == "sepal length (cm)"


def test_digits():
    digits = load("digits")
    assert (digits.image_shape, digits.X.min(), digits.X.max()) == ((8, 8), 0, 1)
    assert digits.labels[:12].tolist() == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1]


@pytest.mark.reference
def test_bundled_sets_are_those_of_scikit_learn():
    datasets = pytest.importorskip("sklearn.datasets")
    iris, theirs = load("iris"), datasets.load_iris()
    np.testing.assert_array_equal(iris.X, theirs.data)
    np.testing.assert_array_equal(iris.labels, theirs.target)
    assert iris.classes == tuple(theirs.target_names)
    assert iris.feature_names == tuple(theirs.feature_names)
    digits, theirs = load("digits"), datasets.load_digits()
    np.testing.assert_array_equal(digits.X * 16, theirs.data)
    np.testing.assert_array_equal(digits.labels, theirs.target)


@pytest.mark.parametrize("place", ["mnist", "."])
def test_mnist_is_found_in_the_folder_of_the_variable_or_below(root, place):
    write_idx(root / place)
    assert next(entry for entry in catalogue() if entry.name == "mnist").available
    made = load("mnist", n=3)
    assert (made.name, made.n, made.test.n, made.image_shape) == ("mnist", 3, 2, (2, 2))


@pytest.mark.parametrize("state", ["TUINN_DATA is not set", "does not hold them"])
def test_a_missing_mnist_says_what_to_set_and_which_files_to_put_there(root, monkeypatch, state):
    if "not set" in state:
        monkeypatch.delenv("TUINN_DATA")
    with pytest.raises(DataError, match="set TUINN_DATA to the folder with") as caught:
        load("mnist")
    assert all(name in str(caught.value) for name in FILE_NAMES)
    assert state in str(caught.value)
    assert caught.value.field == "data.set"


def test_half_a_mnist_names_the_missing_file(root):
    write_idx(root / "mnist")
    (root / "mnist" / "train-labels-idx1-ubyte.gz").unlink()
    with pytest.raises(DataError, match="must hold train-labels-idx1-ubyte"):
        load("mnist")


def test_files_in_the_folder_of_the_variable_have_names(root):
    (root / "mine.csv").write_text(TEXT)
    np.savez(root / "yours.npz", X=np.eye(3), y=np.array([0, 1, 1]))
    write_idx(root / "fashion")
    (root / "notes.txt").write_text("nothing")
    assert found() == ("fashion", "mine", "yours")
    assert [load(name).d for name in found()] == [4, 2, 3]
    with pytest.raises(DataError, match="mnist, fashion, mine, yours, or the path"):
        load("nothing-like-it")


def test_bundled_names_cannot_be_taken_by_files(root):
    (root / "iris.csv").write_text(TEXT)
    assert load("iris").n == 150


def test_relative_paths_start_at_the_folder_given(tmp_path, monkeypatch):
    (tmp_path / "presets").mkdir()
    (tmp_path / "mine.csv").write_text(TEXT)
    (tmp_path / "presets" / "mine.csv").write_text(TEXT + "5,6,z\n")
    write_idx(tmp_path / "presets" / "images")
    monkeypatch.chdir(tmp_path)
    assert load("mine.csv").n == 2
    assert load("mine.csv", folder=tmp_path / "presets").n == 3
    assert load("../mine.csv", folder=tmp_path / "presets").n == 2
    assert load("images", folder=tmp_path / "presets").n == 4
    assert load("presets/images").n == 4
    assert load(str(tmp_path / "mine.csv"), folder="elsewhere").n == 2


def test_the_home_folder_is_understood(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "mine.csv").write_text(TEXT)
    assert load("~/mine.csv").n == 2


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("mnits", "got 'mnits'. Did you mean mnist"),
        ("Spiral", "got 'Spiral'. Did you mean spiral"),
        ("zzz", "must be one of xor-table, circle, .*, mnist, .*; got 'zzz'.$"),
        ("", "got ''.$"),
        ("absent.csv", "absent.csv does not exist"),
        ("folder/absent", "folder/absent does not exist"),
        ("./text.txt", r"text.txt must be a .csv or .npz file or a folder of IDX files"),
        ("./empty", "empty holds none of the IDX files train-images-idx3-ubyte"),
    ],
)
def test_what_cannot_be_found(root, name, message):
    (root / "text.txt").write_text("")
    (root / "empty").mkdir()
    with pytest.raises(DataError, match=message) as caught:
        load(name, folder=root)
    assert caught.value.field == "data.set"
    assert str(caught.value).startswith("`data.set`")


@pytest.mark.parametrize(
    ("name", "wrong", "field", "message"),
    [
        (
            "iris",
            {"noise": 0.1},
            "data.noise",
            "for generated sets only; iris has none, got 0.1: leave it out",
        ),
        ("xor-table", {"noise": 0.0}, "data.noise", "xor-table has none"),
        ("mine.csv", {"noise": 0.1}, "data.noise", "mine.csv has none"),
        ("iris", {"n": 151}, "data.n", "must be from 2 to 150 for iris, got 151"),
        ("digits", {"n": 0}, "data.n", "must be from 2 to 1797 for digits, got 0"),
        ("one-neuron", {"n": 2}, "data.n", "must be from 1 to 1 for one-neuron, got 2"),
        ("digits", {"label": 1}, "data.label", "for CSV files only; digits has none, got 1"),
        ("set.npz", {"label": "y"}, "data.label", "for CSV files only; set.npz has none"),
        ("images", {"label": "y"}, "data.label", "for CSV files only; images has none"),
    ],
)
def test_options_that_do_not_apply_name_their_field(root, name, wrong, field, message):
    (root / "mine.csv").write_text(TEXT)
    np.savez(root / "set.npz", X=np.eye(3), y=np.array([0, 1, 1]))
    write_idx(root / "images")
    with pytest.raises(DataError, match=message) as caught:
        load(name, folder=root, **wrong)
    assert caught.value.field == field


def test_the_first_examples_of_a_bundled_set_keep_all_classes():
    made = load("iris", n=60)
    assert (made.n, made.classes) == (60, ("setosa", "versicolor", "virginica"))
    with pytest.raises(DataError, match="all 50 examples are of class 'setosa'"):
        load("iris", n=50)


def test_one_neuron_may_be_asked_for_with_its_size():
    assert load("one-neuron", n=1).n == 1
