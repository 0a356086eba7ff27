"""CSV files: what they mean, and errors that lead to the cell."""

import numpy as np
import pytest

from engine.data import DataError, load


@pytest.fixture
def read(tmp_path):
    """Write text to a file and load it."""
    path = tmp_path / "flowers.csv"

    def write_and_load(text, **options):
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return load(path, **options)

    write_and_load.path = path
    return write_and_load


TEXT = "a,b,c,kind\n1,2,3,red\n4,5,6,blue\n7,8,9,red\n"


def test_text_labels_are_classes_in_alphabetical_order(read):
    made = read(TEXT)
    assert (made.name, made.kind, made.classes) == ("flowers", "classification", ("blue", "red"))
    assert made.X.tolist() == [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
    assert made.labels.tolist() == [1, 0, 1]
    assert made.feature_names == ("a", "b", "c")
    assert made.raw is None


@pytest.mark.parametrize("label", ["a", 1, "1", -4])
def test_the_label_column_by_name_or_position(read, label):
    made = read("a,b,c,d\n0,2,3,4\n1,6,7,8\n", label=label)
    assert made.feature_names == ("b", "c", "d")
    assert made.labels.tolist() == [0, 1]
    assert made.X.tolist() == [[2, 3, 4], [6, 7, 8]]


def test_a_column_called_by_a_number_is_found_by_name_first(read):
    assert read("x,1,y\n3,0,5\n4,1,6\n", label="1").feature_names == ("x", "y")


def test_whole_numbers_are_classes_in_numerical_order(read):
    made = read("x,y\n1,10\n2,9\n3,10.0\n")
    assert made.classes == ("9", "10")
    assert made.labels.tolist() == [1, 0, 1]


def test_many_whole_numbers_or_fractions_are_targets(read):
    twenty = read("x,y\n" + "".join(f"0,{i}\n" for i in range(20)))
    more = read("x,y\n" + "".join(f"0,{i}\n" for i in range(21)))
    assert (twenty.kind, more.kind) == ("classification", "regression")
    assert more.targets.tolist() == [[i] for i in range(21)]
    assert read("x,y\n1,0.5\n2,1\n").targets.tolist() == [[0.5], [1.0]]


def test_regression_can_be_asked_for(read):
    made = read("x,y\n1,0\n2,1\n", regression=True)
    assert (made.kind, made.targets.tolist()) == ("regression", [[0.0], [1.0]])


def test_two_columns_make_a_set_with_features(read):
    made = read("u,v,k\n1,2,a\n3,4,b\n", features=("x1*x2",))
    assert made.X.tolist() == [[2.0], [12.0]]
    assert made.raw.tolist() == [[1.0, 2.0], [3.0, 4.0]]
    assert read("u,v,k\n1,2,a\n3,4,b\n").feature_names == ("u", "v")


def test_blank_lines_quotes_spaces_and_a_byte_order_mark_are_understood(read):
    made = read(b'\xef\xbb\xbf"a" , kind\r\n\r\n 1 , "x, y"\r\n2,z\r\n\r\n')
    assert made.feature_names == ("a",)
    assert made.X.tolist() == [[1.0], [2.0]]
    assert len(made.classes) == 2


def test_n_takes_the_first_examples(read):
    assert read(TEXT, n=2).X.tolist() == [[1, 2, 3], [4, 5, 6]]
    with pytest.raises(DataError, match=r"`data.n` must be from 2 to 3 for flowers, got 4"):
        read(TEXT, n=4)
    with pytest.raises(DataError, match="all 2 examples are of class 'red'"):
        read("a,k\n1,red\n2,red\n3,blue\n", n=2)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty; a header line and examples are needed"),
        ("a,b\n", "has a header but no examples"),
        ("a\n1\n", r"line 1: at least two columns, separated by commas, are needed; got \['a'\]"),
        ("a;b\n1;2\n", "line 1: at least two columns, separated by commas"),
        ("1,2\n3,4\n", "line 1: must name the columns, got only numbers"),
        ("a,,c\n1,2,3\n", "line 1: column 2 has no name"),
        ("a,a,c\n1,2,3\n", "line 1: two columns are named 'a'"),
        ("a,b,k\n1,2,x\n3,4\n", "line 3: must have 3 cells, as the header has; got 2"),
        ("a,b,k\n\n1,2,x,\n", "line 3: must have 3 cells, as the header has; got 4"),
        ("a,b,k\n1,NaN,x\n", "line 2: column 'b' must be a finite number, got NaN"),
        ("a,b,k\n1,2,x\n-inf,4,y\n", "line 3: column 'a' must be a finite number, got -inf"),
        ("a,b,k\n1,1e999,x\n", "line 2: column 'b' must be a finite number, got 1e999"),
        ("a,b,k\n1,,x\n", "line 2: column 'b' must be a number, got an empty cell"),
        ("a,b,k\n1,two,x\n", "line 2: column 'b' must be a number, got 'two'"),
        ("a,k\n1,x\n2, \n", "line 3: column 'k' must not be empty"),
        ("a,k\n1,0\n2,nan\n", "line 3: column 'k' must be a finite number, got nan"),
        ("a,k\n1,x\n2,NaN\n", "line 3: column 'k' must be a finite number, got NaN"),
        ("a,k\n1,x\n2,x\n", "column 'k': at least two classes .*, but all 2 .* of class 'x'"),
        ("a,k\n1,3\n2,3\n", "column 'k': at least two classes .*, but all 2 .* of class '3'"),
        (
            "a,k\n" + "".join(f"1,{i}.5\n" for i in range(30)) + "1,n/a\n",
            "line 32: column 'k' must hold numbers, or at most 20 classes, got 'n/a' beside",
        ),
        (b"a,k\n1,\xff\n", "must be UTF-8 text"),
        ('a,k\n1,"' + "x" * 200_000 + '"\n', "line 2: field larger than field limit"),
    ],
)
def test_errors_name_file_line_and_column(read, text, message):
    with pytest.raises(DataError, match=message) as caught:
        read(text)
    assert str(caught.value).startswith(f"{read.path}: ")


@pytest.mark.parametrize("label", ["colour", 0, 5, -5, "9"])
def test_an_unknown_label_column_lists_the_columns(read, label):
    with pytest.raises(
        DataError, match="one of a, b, c, kind, or a position from 1 to 4"
    ) as caught:
        read(TEXT, label=label)
    assert caught.value.field == "data.label"
    assert repr(label) in str(caught.value)


def test_text_where_regression_was_asked_for(read):
    with pytest.raises(DataError, match="line 2: column 'kind' must be a number, got 'red'"):
        read(TEXT, regression=True)


def test_a_folder_is_not_a_csv(tmp_path):
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(DataError, match="holds none of the IDX files"):
        load(tmp_path / "folder.csv")


def test_numbers_keep_every_digit(read):
    value = 0.1234567890123456
    assert read(f"x,k\n{value!r},a\n1,b\n").X[0, 0] == value
    np.testing.assert_array_equal(read("x,k\n1e-300,a\n-2.5E3,b\n").X[:, 0], [1e-300, -2500])
