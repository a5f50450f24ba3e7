"""ganbench diagnose: what it prints and writes, and one line for what cannot be used."""

from __future__ import annotations

import socket

import logs
import pytest
from logs import STEPS, STUCK, SURE

from bench.cli import main


@pytest.fixture
def log(tmp_path):
    return logs.write(tmp_path / "log.csv", {"step": STEPS, "fid": STUCK, **SURE})


def test_the_page_stands_beside_the_log(log, capsys):
    assert main(["diagnose", str(log), "--loss", "minimax"]) == 0

    printed = capsys.readouterr().out
    page = (log.parent / "log.diagnosis.html").read_text(encoding="utf-8")
    assert "outcome: no-progress" in printed
    assert "no-progress" in page
    assert page.count("<img") == 3
    assert log.read_text(encoding="utf-8").startswith("step,fid")


def test_columns_are_named_by_option(tmp_path, capsys):
    path = logs.write(tmp_path / "log.csv", {"n": STEPS, "my score": STUCK})
    out = tmp_path / "deep" / "page.html"

    code = main(["diagnose", str(path), "--columns", "step=n", "distance=my score", "--out", str(out)])

    assert code == 0
    assert "my score read as distance" in capsys.readouterr().out
    assert out.exists()


@pytest.mark.parametrize(
    "options, wanted",
    [
        (["--columns", "fidd=fid"], "--columns: NAME must be a known name, got 'fidd'"),
        (
            ["--columns", "distance=fip"],
            "--columns: COLUMN must be in the log, got 'fip'; did you mean 'fid'?",
        ),
        (["--columns", "distance"], "--columns: must be NAME=COLUMN, got 'distance'"),
        (["--loss", "minmax"], "--loss: loss: must be a known loss, got 'minmax'; did you mean 'minimax'?"),
        (["--floor", "-1"], "--floor: must be a positive number, got -1.0"),
        (["--out", "."], "--out: must be a file other than the log"),
        (["--speed", "9"], "--speed"),
    ],
)
def test_an_option_that_cannot_be_used_is_one_line_and_two(log, options, wanted, capsys):
    assert main(["diagnose", str(log), *options]) == 2

    (line,) = capsys.readouterr().err.strip().splitlines()
    assert wanted in line
    assert not (log.parent / "log.diagnosis.html").exists()


@pytest.mark.parametrize("name", ["missing.csv", ""])
def test_a_log_that_cannot_be_opened_is_one_line_and_two(tmp_path, name, capsys):
    assert main(["diagnose", str(tmp_path / name)]) == 2

    assert capsys.readouterr().err.startswith("ganbench: log: must be a CSV file")


def test_a_file_that_is_no_log_is_told_and_not_fatal(tmp_path, capsys):
    path = tmp_path / "picture.csv"
    path.write_bytes(bytes(range(256)))

    assert main(["diagnose", str(path)]) == 0

    assert "the file is no text" in capsys.readouterr().out
    assert "the file is no text" in (tmp_path / "picture.diagnosis.html").read_text(encoding="utf-8")


def test_what_a_log_holds_never_becomes_markup(tmp_path):
    evil = "<script>alert(1)</script>"
    path = tmp_path / "a<b>.csv"
    path.write_text(f"step,fid,{evil}\n1,{evil},1\n2,3,{evil}\n", encoding="utf-8")

    assert main(["diagnose", str(path), "--columns", f"generator_loss={evil}"]) == 0

    page = (tmp_path / "a<b>.diagnosis.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "<b>" not in page


def test_no_network_is_asked_for(log, monkeypatch):
    def refuse(*arguments, **options):
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)

    assert main(["diagnose", str(log)]) == 0
    page = (log.parent / "log.diagnosis.html").read_text(encoding="utf-8")
    assert "default-src &#39;none&#39;" in page
    assert "http://" not in page.replace("http://www.w3.org/", "")
    assert "https://" not in page
