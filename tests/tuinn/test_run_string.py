"""Run strings: what goes in comes out, whatever a mail did to them; and what is refused."""

import base64
import zlib

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tuinn import run_string
from tuinn.config import Config, ConfigError, changed
from tuinn.environment import Environment, environment
from tuinn.experiment import build
from tuinn.likely import LIKELY
from tuinn.optimizers import METHODS
from tuinn.preset import find, presets
from tuinn.run_string import BEGIN, RunString, decode, encode, is_run_string, of_stored
from tuinn.store import Keeper, Store

HERE = Environment("0.1.0", "2.4.6", "3.11.7", "X86_V4 Haswell", 1)


def said(config: Config, **fields) -> RunString:
    config = msgspec.structs.replace(config, look_for="")
    known = {"curve_hash": "0123456789abcdef", "data_hash": "89abcdef", "update": 1234}
    return RunString(config, HERE, **(known | {"name": "a preset"} | fields))


@pytest.mark.parametrize("preset", presets(), ids=lambda preset: preset.name)
def test_every_preset_comes_back_from_a_short_line(preset):
    run = said(preset.config, name=preset.name)
    line = encode(run)
    assert decode(line) == run
    assert line.isascii()
    assert len(line) < 260


@pytest.mark.parametrize("name", METHODS)
@settings(max_examples=20)
@given(
    seed=st.integers(0, 2**63 - 1),
    eta=st.floats(1e-12, 1e3),
    title=st.text(max_size=40),
    weights=st.booleans(),
    hashes=st.sampled_from(["", "f" * 16]),
    threads=st.integers(0, 1024),
)
def test_every_configuration_comes_back_bit_for_bit(
    name, seed, eta, title, weights, hashes, threads
):
    config = changed(Config(title=title), "optimizer.name", name)
    config = changed(config, "seed", seed)
    config = changed(config, "stop.target_loss", eta)
    if weights:
        rng = np.random.default_rng(seed)
        given_weights = ([rng.standard_normal((3, 2)).tolist()], [rng.standard_normal(3).tolist()])
        config = changed(config, "network.weights", given_weights[0])
        config = changed(config, "network.biases", given_weights[1])
    place = Environment("1.2.3", "2.0.0", "3.14.0", "baseline é", threads)
    run = RunString(config, place, hashes, hashes[:8], seed, title)
    assert decode(encode(run)) == run


def test_white_space_that_a_mail_adds_does_not_matter():
    line = encode(said(find("circle").config))
    assert decode(f"  {line[:30]}\r\n{line[30:60]}\n\t{line[60:]} \n") == decode(line)


def test_every_beginning_of_a_line_is_told_to_be_cut_off():
    line = encode(said(find("circle").config))
    for length in range(len(BEGIN), len(line)):
        with pytest.raises(ConfigError, match="is cut off: copy the whole line"):
            decode(line[:length])


@settings(max_examples=300)
@given(st.data())
def test_a_character_that_was_mistyped_is_noticed(data):
    line = encode(said(find("circle").config))
    place = data.draw(st.integers(len(BEGIN), len(line) - 2))
    other = data.draw(st.sampled_from("ABCXYZabcxyz0189-_").filter(lambda c: c != line[place]))
    with pytest.raises(ConfigError, match=r"damaged|cut off"):
        decode(line[:place] + other + line[place + 1 :])


@settings(max_examples=300)
@given(st.text(alphabet="ABCXYZabcxyz0189-_=+é: ", max_size=60))
def test_no_text_is_a_bug(text):
    with pytest.raises(ConfigError, match="run string"):
        decode(BEGIN + text)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("circle", "this is no run string: it must begin with tuinn1:"),
        ("tuinn2:abc", "is of format 2, that of a newer tuinn; this one reads tuinn1:"),
        ("tuinn0:abc", "damaged: there is no format 0"),
        ("tuinn1:ab*c", r"damaged: '\*' cannot be in it"),
        ("tuinn1:", "cut off"),
    ],
)
def test_what_is_no_run_string_of_this_version_is_told(line, message):
    with pytest.raises(ConfigError, match=message):
        decode(line)


def test_something_after_the_line_is_told():
    with pytest.raises(ConfigError, match="its checksum is wrong"):
        decode(encode(said(find("circle").config)) + "AAAA")


def packed(text: bytes) -> str:
    """A run string with a right checksum, whatever is in it."""
    deflate = zlib.compressobj(9, wbits=-15, zdict=LIKELY)
    body = deflate.compress(text) + deflate.flush()
    length = len(body)
    body = bytes([length & 127 | 128, length >> 7]) + body
    whole = zlib.crc32(body).to_bytes(4, "big") + body
    return BEGIN + base64.urlsafe_b64encode(whole).decode().rstrip("=")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"[1,2]", "damaged: not enough values"),
        (b"nothing", "damaged"),
        (
            b'[{"seed":-1},["","","","",1],"",0,"",""]',
            "`seed` must be >= 0, got -1; it may be of a newer",
        ),
        (
            b'[{"hue":1},["","","","",1],"",0,"",""]',
            "the run string: .*hue.*; it may be of a newer",
        ),
        (b'[{},["",""],"",0,"",""]', "damaged"),
    ],
)
def test_what_is_in_a_line_is_checked(text, message):
    with pytest.raises(ConfigError, match=message):
        decode(packed(text))


def test_a_line_that_would_fill_the_memory_is_refused(monkeypatch):
    line = encode(said(find("circle").config))
    monkeypatch.setattr(run_string, "MOST_BYTES", 100)
    with pytest.raises(ConfigError, match="it holds more than 100 bytes"):
        decode(line)


def test_a_run_string_is_known_from_a_preset():
    assert is_run_string("tuinn1:abc")
    assert is_run_string(" tuinn12:")
    assert not is_run_string("circle")
    assert not is_run_string("tuinn.toml")


def kept(folder, epochs=4, then=None):
    """A run of the store in ``folder``; ``then`` goes on with it by hand."""
    config = changed(changed(find("circle").config, "data.n", 60), "stop.epochs", epochs)
    experiment = build(config)
    keeper = Keeper(folder)
    run = keeper.keep(experiment, name="circle")
    experiment.trainer.run(3)
    run.snapshot(experiment.trainer, experiment.trainer.snapshot())
    if then is not None:
        then(experiment, run)
    experiment.trainer.run(10**6)
    run.status(experiment.trainer, "finished")
    keeper.close()
    store = Store(folder)
    (stored,) = store.runs()
    store.close()
    return experiment, stored


def test_the_line_of_a_stored_run_says_what_the_run_says(tmp_path):
    experiment, stored = kept(tmp_path)
    run = decode(encode(of_stored(stored)))
    trainer = experiment.trainer
    assert (run.curve_hash, run.update) == (trainer.curve_hash, trainer.update)
    assert run.environment == environment()
    assert run.config == msgspec.structs.replace(experiment.config, look_for="")
    again = build(run.config).trainer
    again.run(run.update)
    assert again.curve_hash == run.curve_hash


def test_a_run_that_was_changed_repeats_only_what_it_began_with(tmp_path):
    from tuinn.runners.marks import marked

    def change(experiment, run):
        experiment.trainer.change(eta=0.1)
        run.now(changed(experiment.config, "optimizer.eta", 0.1))
        run.mark(marked(experiment.trainer, "η 0.3 → 0.1"))

    _, stored = kept(tmp_path, then=change)
    run = of_stored(stored)
    assert (run.curve_hash, run.update) == ("", 0)
    assert run.config.optimizer.eta == 0.3
