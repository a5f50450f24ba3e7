"""ganbench check-loss: what it prints, and how it ends."""

from __future__ import annotations

import sys

import pytest

import bench.cli

MODULE = """
import torch
from gans.regularizers import gradient_penalty as good

def whole_batch(discriminator, real, fake):
    real = real.clone().requires_grad_()
    (slope,) = torch.autograd.grad(discriminator(real).sum(), real, create_graph=True)
    return (slope.norm(2) - 1) ** 2

def vanilla_generator(fake_logits):
    return torch.nn.functional.softplus(-fake_logits)

number = 3
"""


@pytest.fixture(autouse=True)
def mine(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(bench.cli.signal, "signal", lambda *_: None)
    (tmp_path / "my_losses.py").write_text(MODULE)
    yield
    sys.modules.pop("my_losses", None)


@pytest.mark.parametrize("target", ["hinge", "gradient_penalty", "clip", "none", "my_losses:good"])
def test_what_is_right_ends_with_zero(capsys, target):
    code = bench.cli.main(["check-loss", target])
    printed = capsys.readouterr()

    assert (code, printed.err) == (0, "")
    assert printed.out.startswith(f"{target}: checked as a")
    assert printed.out.endswith("\nnothing is wrong with it\n")


def test_what_is_wrong_is_told_in_words_and_numbers_and_ends_with_one(capsys):
    code = bench.cli.main(["check-loss", "my_losses:whole_batch"])
    out = capsys.readouterr().out

    assert code == 1
    assert "the norm is taken over the whole batch" in " ".join(out.split())
    assert "(measured 49, expected 0)" in " ".join(out.split())
    assert "checks found something wrong: linear critic of norm 1" in out


def test_the_name_in_the_path_is_a_promise(capsys):
    code = bench.cli.main(["check-loss", "my_losses:vanilla_generator"])

    assert code == 1
    assert "'vanilla_generator', which is saturating" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize("columns", ["60", "200"])
def test_the_table_fits_the_terminal(capsys, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", columns)
    bench.cli.main(["check-loss", "my_losses:whole_batch"])
    table = capsys.readouterr().out.split("\n\n")[1]

    assert max(map(len, table.splitlines())) <= min(int(columns), 120)


@pytest.mark.parametrize(
    "line, told",
    [
        (
            "hing",
            "check-loss: must be package.module:object or a built-in, got 'hing'; did you mean 'hinge'?",
        ),
        ("my_losses:god", "check-loss: module 'my_losses' must define 'god', got no such name; did you mean"),
        ("no_such_module:x", "check-loss: module 'no_such_module' must be importable, got no such module;"),
        ("my_losses:number", "check-loss: my_losses:number: conformance: must be a Loss, a Regularizer or a"),
        ("hinge --kind penalty", "check-loss: hinge: kind: must fit the object, got 'penalty' for a loss;"),
        ("my_losses:good --kind gp", "check-loss: my_losses:good: kind: must be a known kind, got 'gp';"),
    ],
)
def test_what_cannot_be_checked_is_one_line_and_ends_with_two(capsys, line, told):
    code = bench.cli.main(["check-loss", *line.split()])
    printed = capsys.readouterr()

    assert (code, printed.out, len(printed.err.splitlines())) == (2, "", 1)
    assert printed.err.startswith(f"ganbench: {told}")
