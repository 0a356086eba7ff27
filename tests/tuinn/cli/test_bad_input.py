"""Bad input: one clear message that names file, field and what is allowed; exit 2; nothing lost."""

import struct

import pytest


def refused(result, *messages: str) -> None:
    """The command refused its input, in one line, with these words in it."""
    assert result.returncode == 2, result.stderr
    assert result.stdout == ""
    assert result.stderr.startswith("tuinn: ")
    assert result.stderr.count("\n") == 1
    assert "Traceback" not in result.stderr
    for message in messages:
        assert message in result.stderr


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ("[optimizer]\netta = 3\n", ["unknown field `optimizer.etta`", "did you mean eta?"]),
        ('[optimizer]\neta = "big"\n', ['`optimizer.eta` must be a number > 0, got "big"']),
        ("[optimizer]\neta = -3\n", ["`optimizer.eta` must be > 0, got -3"]),
        ('[optimizer]\nname = "adan"\n', ["`optimizer.name` must be ", "did you mean adam"]),
        (
            '[optimizer]\nname = "adam"\nmu = 0.9\n',
            ["`optimizer.mu` is no field of adam but of momentum, nesterov; adam has eta, beta1"],
        ),
        (
            '[optimizer]\nname = "genetic"\npopulation = 1\n',
            ["`optimizer.population` must be >= 2, got 1"],
        ),
        (
            '[optimizer]\nname = "genetic"\npopulation = 6\nelite = 6\n',
            ["`optimizer.elite` must be a whole number ≥ 0 and < 6; got 6"],
        ),
        (
            '[optimizer]\nname = "swarm"\npopulation = 2.5\n',
            ["`optimizer.population` must be a whole number >= 2, got 2.5"],
        ),
        (
            '[optimizer]\nname = "annealing"\ntemperature = 0\n',
            ["`optimizer.temperature` must be > 0, got 0"],
        ),
        (
            '[optimizer]\nname = "annealing"\ntemperature = -1.5\n',
            ["`optimizer.temperature` must be > 0, got -1.5"],
        ),
        (
            '[optimizer]\nname = "nesterov"\nmu = 1\n',
            ["`optimizer.mu` must be >= 0 and < 1, got 1"],
        ),
        (
            '[optimizer]\nname = "adamw"\nbeta1 = 1.0\n',
            ["`optimizer.beta1` must be >= 0 and < 1, got 1.0"],
        ),
        (
            '[optimizer]\nname = "adam"\nbeta2 = -0.1\n',
            ["`optimizer.beta2` must be >= 0 and < 1, got -0.1"],
        ),
        ("[stop]\nevaluations = 0\n", ["`stop.evaluations` must be >= 1, got 0"]),
        (
            '[data]\nn = 50\n[optimizer]\nname = "ants"\n[training]\nexamples = 41\n',
            ["`training.examples` must be 1 … 40, or left out for all, got 41", "40 examples"],
        ),
        ("[network]\nhidden = [0]\n", ["`network.hidden[0]` must be >= 1, got 0"]),
        (
            '[network]\nactivation = "softmax"\n',
            ["`network.activation` must be ", 'got "softmax"'],
        ),
        (
            '[network]\noutput = "tanh"\n',
            ["`training.cost` = cross-entropy needs `network.output` = sigmoid or softmax"],
        ),
        (
            '[network]\noutput = "softmax"\n[training]\ncost = "quadratic"\n',
            ["`network.output` = softmax needs `training.cost` = cross-entropy"],
        ),
        (
            "[data]\nn = 50\n[training]\nbatch_size = 41\n",
            ['`training.batch_size` must be 1 … 40 or "full", got 41', "40 examples"],
        ),
        (
            '[network]\nhidden = [3, 3]\nactivation = ["tanh"]\n',
            ["`network.activation` names 1 layers, but `network.hidden` has 2"],
        ),
        (
            '[network]\ninit = "given"\n',
            ['`network.init` = "given" needs `network.weights`'],
        ),
        (
            '[network]\nhidden = []\ninit = "given"\nweights = [[[1.0]]]\nbiases = [[0.0]]\n',
            ["`network.weights[0]` must have shape (1, 2)"],
        ),
        ('[data]\nset = "circel"\n', ["`data.set` must be one of", "circle"]),
        ("[data]\nvalidation = 1.5\n", ["`data.validation` must be a share"]),
        ("[data]\nvalidation = 5000\n", ["`data.validation` must be at most"]),
        ('[data]\nset = "iris"\nnoise = 0.1\n', ["`data.noise` is for generated sets only"]),
        (
            '[data]\nset = "multi-gauss"\n[training]\ncost = "quadratic"\n',
            ["the targets of multi-gauss go from -", "`network.output` = sigmoid gives 0 … 1 only"],
        ),
        ("[network]\nhidden = [1000000, 1000000]\n", ["`network.hidden` makes a network of 10000"]),
        ("seed = 1 2\n", ["line 1, column "]),
    ],
)
def test_a_preset_file(tuinn, text, messages):
    path = tuinn.file("mine.toml", text)
    refused(tuinn("train", path), str(path), *messages)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--set", "optimizer.eta=-1"], "--set: `optimizer.eta` must be > 0, got -1"),
        (["--set", "optimizer.eta"], "`--set` takes FIELD=VALUE, got 'optimizer.eta'"),
        (["--set", "eta=1"], "--set: unknown field `eta`"),
        (
            ["--set", "optimizer.mu=0.5"],
            "--set: `optimizer.mu` is no field of sgd but of momentum, nesterov; sgd has eta, ",
        ),
        (
            ["--set", "optimizer.mu=1", "--set", "optimizer.name=momentum"],
            "--set: `optimizer.mu` must be >= 0 and < 1, got 1",
        ),
        (["--set", "optimizer.name=swarms"], "did you mean swarm?"),
        (["--set", "stop.evaluations=0"], "--set: `stop.evaluations` must be >= 1, got 0"),
        (["--epochs", "0"], "--epochs: `stop.epochs` must be >= 1, got 0"),
        (["--epochs", "many"], '--epochs: `stop.epochs` must be a whole number >= 1, got "many"'),
        (["--seed", "-1"], "--seed: `seed` must be >= 0, got -1"),
        (["--checkpoint", "none/run.npz"], "none/run.npz: the checkpoint cannot be written"),
        (["--checkpoint", "."], "the checkpoint cannot be written: it is a folder"),
        (["--checkpoint", "/dev/null"], "the checkpoint cannot be written: it is no ordinary file"),
        (["--csv", "none/run.csv"], "none/run.csv: No such file or directory"),
        (["--resume", "none.npz"], "none.npz: there is no such file"),
    ],
)
def test_options(tuinn, words, message):
    refused(tuinn("train", "circle", "--set", "data.n=60", *words), message)


def test_a_file_that_is_no_checkpoint(tuinn):
    path = tuinn.file("run.npz", "not an archive")
    result = tuinn("train", "circle", "--resume", path)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == f"tuinn: {path}: this is not a checkpoint of tuinn\n"


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ("x,y,class\n1,2,a\n3,b\n", ["table.csv", "line 3"]),
        ("x,y,class\n1,nan,a\n3,4,b\n", ["table.csv", "nan"]),
        ("x,y,class\n1,2,a\n3,4,a\n", ["table.csv", "class"]),
        ("", ["table.csv"]),
    ],
)
def test_a_csv_file(tuinn, text, messages):
    table = tuinn.file("table.csv", text)
    preset = tuinn.file("mine.toml", f'[data]\nset = "{table}"\n')
    refused(tuinn("train", preset), str(preset), *messages)


def test_missing_and_truncated_idx_files(tuinn):
    refused(tuinn("train", "mnist-30"), "mnist", "TUINN_DATA")
    folder = tuinn.folder / "mnist"
    folder.mkdir()
    images = struct.pack(">IIII", 0x803, 100, 28, 28) + bytes(784)
    (folder / "train-images-idx3-ubyte").write_bytes(images)
    (folder / "train-labels-idx1-ubyte").write_bytes(struct.pack(">II", 0x801, 100) + bytes(100))
    refused(
        tuinn("train", "mnist-30", TUINN_DATA=str(tuinn.folder)), "train-images-idx3-ubyte", "784"
    )
