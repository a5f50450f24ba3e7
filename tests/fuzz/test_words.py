"""Command lines from anywhere: every command with options right, wrong, misspelled and absurd."""

from __future__ import annotations

import pytest
from harness import cases, check_clean, ganbench, hostile_text
from hypothesis import given
from hypothesis import strategies as st

import bench.cli
import bench.commands.run
from bench.records.store import open_store
from bench.sweep import SweepResult

COMMANDS = (
    "run", "plan", "cluster", "merge", "attribute", "ledger", "status", "report", "list", "check-loss",
    "data",
    "audit", "verdict", "rerun", "sample", "score", "diagnose", "regress", "dirac",
    "floors",
)  # fmt: skip
OPTIONS = (
    "--out", "--workers", "--engine", "--set", "--seeds", "--device", "--plain", "--stop-early", "--spectra",
    "--checkpoint-every", "--data-root", "--shard", "--tls", "--slurm", "--yes-really", "--host", "--port",
    "--cells", "--cell", "--plan", "--records", "--check", "--csv", "--lang", "--kind", "--download",
    "--defect",
    "--json", "--write", "--early", "--n", "--seed", "--raw", "--extractor", "--metrics",
    "--inception-weights",
    "--columns", "--loss", "--floor", "--base", "--help", "--version", "-h", "--no-plain", "--wokers", "---",
)  # fmt: skip
VALUES = (
    "smoke", "micro.toml", "results", "log.csv", "none.csv", "local", "serial", "slurm", "dask://",
    "dask://x:1",
    "dask+tls://a:1", "1/2", "2/1", "0", "1", "-1", "1e9", "seeds=1", "g.lr=1e-3", "lr=", "queue=long",
    "ring8",
    "digits", "mnist", "cpu", "cuda", "zh", "losses", "recipes", "nsgan", "distance=fid", "q=0.1", "abc",
    "stats",
    "speed", "quality", "counts", "history", "all", "noise:0.2", "fid,kid", "own/x.html", "samples.png",
)  # fmt: skip
SLOW = (
    "bench.engines.workers.started", "bench.commands.dirac.dirac", "bench.commands.floors.floors",
    "bench.score.embedding.embed", "bench.audit.audit", "gans.data.load", "bench.commands.ledger.ledger",
    "bench.commands.regress.regress",
)  # fmt: skip
WORDS = st.one_of(
    st.sampled_from(VALUES),
    st.sampled_from(OPTIONS),
    hostile_text(nul=False),
    st.tuples(st.sampled_from(OPTIONS), hostile_text(nul=False)).map("=".join),
)
LINES = st.lists(
    st.one_of(WORDS.map(lambda word: [word]), st.tuples(st.sampled_from(OPTIONS), WORDS).map(list)),
    max_size=4,
).map(lambda parts: [word for part in parts for word in part])
MICRO = """
name = "micro"
[[grid]]
name = "g"
dataset = "ring8"
recipe = "nsgan"
generator_width = [4, 5]
steps = 20
evaluations = 4
"""


def _refused(*_, **__):
    raise bench.cli.CommandError(["no work is done while words are tried"])


@pytest.fixture
def idle(here, monkeypatch):
    """A folder with a profile, a log and results; what takes long is refused, what reads words is not."""
    (here / "micro.toml").write_text(MICRO)
    (here / "log.csv").write_text("step,fid,d_loss\n" + "".join(f"{n},{50 - n},0.5\n" for n in range(20)))
    open_store(here / "results", create=True).close()
    monkeypatch.setattr(
        bench.commands.run, "train", lambda plan, out, options: SweepResult(1, 1, 0, {}, False)
    )
    for place in SLOW:
        monkeypatch.setattr(place, _refused)
    refused = {name: each._replace(command=_refused) for name, each in bench.commands.run.KNOWN.items()}
    monkeypatch.setattr(bench.commands.run, "KNOWN", refused)
    for place in ("cli.write_report", "cli.write_comparison", "cli_judging.write_diagnosis"):
        monkeypatch.setattr(f"bench.{place}", lambda *_, **__: here / "index.html")
    return here


@cases(80)
@given(st.sampled_from(COMMANDS), LINES)
def test_any_words_after_a_command_end_cleanly(idle, command, words):
    check_clean(ganbench(command, *words), named=True)


@cases(20)
@given(st.lists(st.one_of(st.sampled_from(COMMANDS), WORDS), max_size=4))
def test_any_words_at_all_end_cleanly(idle, words):
    check_clean(ganbench(*words), named=True)
