"""``train``: the exported program learns the digits, and its step is the reference's."""

from __future__ import annotations

import json
import statistics
import sys
import warnings
from importlib import resources

import jsonschema
import numpy as np
import pytest
from click.testing import CliRunner

from backproof import CannotRun, cli, export, train
from backproof.codegen.backend import Failed
from backproof.learning import train as training
from backproof.learning.train import curve
from backproof.reference import Network


def accuracies(cost):
    return [train(cost=cost, seed=seed).accuracies[-1] for seed in range(5)]


def test_with_the_quadratic_cost_the_median_is_right_for_96_per_cent():
    """One run in a few loses a digit to saturation: it learns slowly there, which is (3.2) of the notes."""
    assert statistics.median(accuracies("quadratic")) >= 0.96


def test_with_cross_entropy_every_run_is_right_for_95_per_cent():
    assert min(accuracies("cross-entropy")) >= 0.95


@pytest.mark.parametrize("sizes", [(64, 30, 10), (2, 3, 1)])
@pytest.mark.parametrize("cost", ["quadratic", "cross-entropy"])
def test_a_step_is_that_of_the_reference(sizes, cost):
    net, rng = export(sizes, "sigmoid", cost).load(), np.random.default_rng(0)
    parameters = net.init()
    reference = Network(sizes, cost=cost)
    reference.weights, reference.biases = [w.copy() for w, _ in parameters], [b.copy() for _, b in parameters]
    x, y = rng.random((sizes[0], 10)), rng.random((sizes[-1], 10))
    net.step(parameters, x, y, 3.0)
    reference.update_mini_batch([(x[:, [place]], y[:, [place]]) for place in range(10)], 3.0)
    for (w, b), w_, b_ in zip(parameters, reference.weights, reference.biases, strict=True):
        assert np.allclose(w, w_, rtol=1e-13, atol=1e-15)
        assert np.allclose(b, b_, rtol=1e-13, atol=1e-15)


def test_it_reports_after_each_epoch_and_the_seed_makes_it_the_same():
    seen = []
    made = train(epochs=2, seed=3, progress=lambda *found: seen.append(found))
    assert seen == [(epoch, 2, right, 359) for epoch, right in enumerate(made.right, start=1)]
    assert train(epochs=2, seed=3).right == made.right
    assert made.settings["eta"] == 3.0


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"data": "no/such/folder"}, "no folder"),
        ({"sizes": (3, 10)}, "64 inputs, in 10 classes"),
        ({"sizes": (64, 30, 9)}, "64 inputs, in 10 classes"),
        ({"epochs": 0}, "epochs"),
        ({"batch": 0}, "batch"),
        ({"eta": float("nan")}, "eta"),
        ({"eta": -1.0}, "eta"),
        ({"eta": 0.0}, "eta"),
        ({"sizes": 7}, "whole numbers"),
        ({"sizes": ()}, "layers"),
        ({"cost": "hingee"}, "no cost 'hingee'"),
        ({"cost": "log-likelihood"}, "softmax"),
    ],
)
def test_what_cannot_be_is_said(options, words):
    with pytest.raises(CannotRun, match=words):
        train(**options)


def test_the_command_line_shows_the_curve():
    found = CliRunner().invoke(cli.main, ["train", "--sizes", "64,12,10", "--epochs", "3", "--batch", "20"])
    assert found.exit_code == 0
    assert "right, in per cent of the test data" in found.stdout
    assert "64-12-10: " in found.stdout
    assert "\x1b" not in found.stdout


def test_the_command_line_prints_json_alone():
    found = CliRunner().invoke(
        cli.main, ["train", "--epochs", "2", "--json", "--activation", "relu,softmax", "--cost", "log-likelihood"]
    )
    data = json.loads(found.stdout)
    schema = json.loads(resources.files("backproof").joinpath("schemas/train.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(data, schema)
    assert schema["title"] == data["schema"]
    assert (data["schema"], data["activations"], len(data["right"])) == ("backproof.train/1", ["relu", "softmax"], 2)


def test_bad_input_ends_with_exit_code_2():
    found = CliRunner().invoke(cli.main, ["train", "--data", "no/such/folder"])
    assert (found.exit_code, found.stderr.count("\n")) == (2, 1)


def test_parameters_that_overflow_are_told_and_nothing_else_is():
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        found = CliRunner().invoke(cli.main, ["train", "--activation", "identity", "--eta", "9"])
    assert found.exit_code == 1
    assert found.stderr == "backproof: the parameters overflow in epoch 1: a smaller --eta may help\n"
    assert not warned


@pytest.mark.parametrize("activation", ["relu,identity", "tanh,identity", "silu,identity", "relu,softmax"])
def test_the_learning_rate_fits_the_net(activation):
    made = train(activation=activation.split(","), epochs=5)
    assert made.problem is None
    assert made.accuracies[-1] > 0.85


def test_units_that_are_dead_are_told():
    made = train(activation=["max(z - 1000, 0)", "identity"], epochs=1)
    assert made.problem is not None
    assert made.problem.startswith(f"nothing was learned: {made.right[-1]} of 359 right, as by always saying the most")
    assert made.problem.endswith("the output is the same for every example; 30 of 30 units of layer 2 are dead")
    found = CliRunner().invoke(cli.main, ["train", "--activation", "max(z - 1000, 0),identity", "--epochs", "1"])
    assert found.exit_code == 1
    assert "30 of 30 units of layer 2 are dead" in found.stderr


def test_a_cost_of_ones_own():
    assert train(activation=["tanh", "identity"], cost="huber", epochs=5).accuracies[-1] > 0.85


def test_an_interrupted_run_is_taken_up_as_if_nothing_had_been(tmp_path):
    file, whole = tmp_path / "kept.npz", train(epochs=4, seed=2)

    def interrupt(epoch, *_):
        if epoch == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(epochs=4, seed=2, save=file, progress=interrupt)
    made = train(epochs=4, seed=2, save=file, resume=file)
    assert made.right == whole.right
    kept = np.load(file)
    for layer, (w, b) in enumerate(whole.parameters, start=2):
        np.testing.assert_array_equal(kept[f"w{layer}"], w)
        np.testing.assert_array_equal(kept[f"b{layer}"], b)
    assert kept["classes"].tolist() == list(map(str, range(10)))
    with pytest.raises(CannotRun, match="is of another run: its seed is 2, and not 3"):
        train(epochs=4, seed=3, resume=file)
    assert train(epochs=4, seed=2, resume=file).right == whole.right  # nothing is left to do


@pytest.mark.parametrize("content", [b"", b"no archive", None])
def test_what_is_no_checkpoint_is_said(tmp_path, content):
    file = tmp_path / "other.npz"
    if content is None:
        np.savez(file, a=np.ones(2))
    else:
        file.write_bytes(content)
    with pytest.raises(CannotRun, match=r"other\.npz"):
        train(epochs=1, resume=file)


@pytest.mark.parametrize("to", ["torch", "jax"])
def test_with_another_library(to):
    made = train(sizes=(64, 10), activation="softmax", cost="log-likelihood", epochs=3, batch=50, to=to)
    assert made.problem is None
    assert made.accuracies[-1] > 0.85
    with pytest.raises(CannotRun, match="nothing is trained with c"):
        train(epochs=1, to="c")


def test_a_program_that_fails_is_not_trained(monkeypatch):
    def fails(*_):
        raise Failed("∂C/∂w2: entry 1, 1 is 2, and has to be 1")

    monkeypatch.setattr(training, "export", fails)
    found = CliRunner().invoke(cli.main, ["train"])
    assert found.exit_code == 1
    assert found.stderr == "backproof: not verified, and not trained: ∂C/∂w2: entry 1, 1 is 2, and has to be 1\n"


def test_the_curve_alone_needs_plotext(monkeypatch):
    monkeypatch.setitem(sys.modules, "plotext", None)
    with monkeypatch.context() as patched:
        patched.setattr(training, "train", None)  # it is not come to
        found = CliRunner().invoke(cli.main, ["train"])
    assert found.exit_code == 2
    assert "pip install 'backproof[data]'" in found.stderr
    assert len(train(epochs=1).right) == 1
    assert CliRunner().invoke(cli.main, ["train", "--epochs", "1", "--json"]).exit_code == 0


def test_the_curve_has_a_point_for_each_epoch():
    assert curve([0.5], 40, coloured=False).count("\n") >= 10
    assert "100" in curve([0.1, 1.0], 60, coloured=False)
