"""Arrows between the packages, and what no module may import or call: told with the offending line."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("gans", "bench", "reports")

DOOR = "bench.pages"
"""The one module of bench that imports reports."""

OPENERS = (
    "bench.cli",
    "bench.cli_judging",
    "bench.cli_regress",
    "bench.monitor.monitor",
    "bench.speed",
    "bench.regression.workloads",
)
"""Who may write a page through the door: where a user stands, and what is timed. Its types are for all."""

REFERENCE = re.compile(r"(?:gans|bench|reports|tests)(?:\.\w+)*:\w+")
"""An import spelled as text, ``module:object``, as a registry resolves it."""

IMPORTERS = ("import_module", "__import__")

HEAVY = (
    "torch",
    "pandas",
    "matplotlib",
    "scipy",
    "distributed",
    "dask",
    "sklearn",
    "pydantic",
    "numpy",
    "rich.progress",
)

GLOBAL_RANDOMNESS = {"torch.manual_seed", "torch.seed", "torch.random.manual_seed", "torch.cuda.manual_seed",
                     "torch.cuda.manual_seed_all", "random.seed"}  # fmt: skip
NUMPY_ALLOWED = {"default_rng", "Generator", "SeedSequence", "PCG64", "Philox", "BitGenerator"}


def modules() -> list[Path]:
    return sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def dotted(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def imports(tree: ast.AST) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and REFERENCE.fullmatch(node.value):
            yield node.value.replace(":", "."), node.lineno
        if isinstance(node, ast.Call) and dotted(node.func).rpartition(".")[2] in IMPORTERS:
            named = [each.value for each in node.args if isinstance(each, ast.Constant)]
            yield from ((name, node.lineno) for name in named if isinstance(name, str))


def within(name: str, *packages: str) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def forbidden(importer: str, imported: str) -> str:
    """Why this arrow points the wrong way; empty if it does not."""
    rules = (
        (within(imported, "tests", "bench.cli"), "nothing imports the tests or bench.cli"),
        (
            within(importer, "gans") and within(imported, "bench", "reports"),
            "gans imports nothing of ours above it",
        ),
        (
            within(importer, "bench.records")
            and within(imported, "bench", "reports")
            and not within(imported, "bench.records"),
            "bench.records imports only itself and gans",
        ),
        (
            within(importer, "reports")
            and within(imported, "bench")
            and not within(imported, "bench.records"),
            "reports imports only bench.records and gans",
        ),
        (
            within(importer, "bench") and not within(importer, DOOR) and within(imported, "reports"),
            f"only {DOOR} imports reports",
        ),
        (
            within(
                imported,
                *(f"{DOOR}.write_{page}" for page in ("report", "diagnosis", "comparison", "history")),
            )
            and not within(importer, *OPENERS),
            f"only {', '.join(OPENERS)} write pages through {DOOR}",
        ),
    )
    return next((reason for holds, reason in rules if holds), "")


def wrong_arrows(importer: str, source: str) -> list[str]:
    found = [(imported, line, forbidden(importer, imported)) for imported, line in imports(ast.parse(source))]
    return [f"{importer}:{line} imports {imported}: {reason}" for imported, line, reason in found if reason]


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_imports_follow_the_arrows(path):
    assert wrong_arrows(name_of(path), path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "importer, source",
    [
        ("gans.losses", "import bench.grid"),
        ("gans.losses", "def f():\n    from reports import page"),
        ("reports.page", "from bench import sweep"),
        ("reports.page", "from bench.verdict import judge"),
        ("bench.sweep", "from reports.build import write_report"),
        ("bench.records.store", "from bench.plan import Plan"),
        ("bench.commands.run", "from reports.build import write_report"),
        ("bench.sweep", "from bench.cli import main"),
        ("bench.sweep", "import tests.bench"),
        ("bench.cli", "def f():\n    from reports.build import write_report"),
        ("bench.speed.test_storing", "from reports.build import write_report"),
        ("bench.monitor.files", 'WRITER = "reports.diagnosis:write_page"'),
        ("gans.registry", 'WRITER = "bench.worker:run_cohort"'),
        ("bench.sweep", 'from importlib import import_module\nimport_module("reports.build")'),
        ("bench.sweep", '__import__("reports")'),
        ("bench.sweep", "from bench.pages import write_report"),
        ("bench.monitor.files", "from bench.pages import write_diagnosis"),
    ],
)
def test_a_wrong_arrow_is_found_with_its_line(importer, source):
    (found,) = wrong_arrows(importer, source)

    assert found.startswith(f"{importer}:{source.count(chr(10)) + 1} imports ")


@pytest.mark.parametrize(
    "importer, source",
    [
        ("bench.pages", "def f():\n    from reports.build import write_report"),
        ("bench.cli", "from bench.pages import write_comparison, write_report"),
        ("bench.monitor.monitor", "from bench.pages import WritePage, write_diagnosis"),
        ("bench.commands.run", "from bench.pages import WriteReport"),
        ("bench.sweep", 'TOLD = "reports: 3 of them"'),
        ("reports.frame", "from bench.records.store import open_store"),
        ("bench.sweep", "from bench.records import spool\nimport gans.config"),
        ("reports.frame", "from gans.recipes import RECIPES"),
    ],
)
def test_right_arrows_pass(importer, source):
    assert wrong_arrows(importer, source) == []


_NUMPY = {f"np.random.{name}" for name in ("get_state", "seed", "set_state")}
LENT = {"gans.rng": {"random", "random.seed", *_NUMPY}}
"""Others' losses draw from these when they are checked; the one lender of seeds puts their states back."""


def global_draws(source: str) -> list[str]:
    """Calls and imports that seed or draw from a generator that everybody shares."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute):
            name = dotted(node)
            numpy = (
                name.startswith(("np.random.", "numpy.random.")) and name.split(".")[2] not in NUMPY_ALLOWED
            )
            if numpy or name in GLOBAL_RANDOMNESS:
                found.append(f"line {node.lineno}: {name}")
    for name, line in imports(ast.parse(source)):
        module, _, last = name.rpartition(".")
        if (module == "numpy.random" and last not in NUMPY_ALLOWED) or name in {*GLOBAL_RANDOMNESS, "random"}:
            found.append(f"line {line}: {name}")
    return found


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_no_module_touches_a_global_generator(path):
    found = {each.partition(": ")[2] for each in global_draws(path.read_text(encoding="utf-8"))}

    assert found == LENT.get(name_of(path), set())


@pytest.mark.parametrize(
    "source",
    [
        "import torch\ntorch.manual_seed(0)",
        "from torch import manual_seed",
        "import numpy as np\nnp.random.seed(0)",
        "import numpy as np\nx = np.random.randn(3)",
        "from numpy.random import rand",
        "import random",
        "import torch\nf = torch.cuda.manual_seed_all",
    ],
)
def test_a_global_draw_is_found(source):
    assert len(global_draws(source)) == 1


def test_a_generator_of_ones_own_passes():
    source = "import numpy as np\nimport torch\nnp.random.default_rng(0)\ntorch.Generator().manual_seed(0)"

    assert global_draws(source) == []


def test_only_rng_lends_the_global_generator_a_seed():
    lenders = [name_of(path) for path in modules() if "fork_rng" in path.read_text(encoding="utf-8")]
    users = [name_of(path) for path in modules() if "default_generator" in path.read_text(encoding="utf-8")]

    assert lenders == ["gans.rng"]
    assert users == ["gans.rng"]


def test_the_command_line_is_built_without_anything_heavy():
    """Help within 0.3 s hangs on this; counting modules is steadier than a clock."""
    script = (
        "import sys, bench.cli\n"
        "assert bench.cli.main(['--help']) == 0\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert done.stderr.strip() == "[]"
    assert "rerun" in done.stdout
