"""Trees: revisions beside the working folder, functions of one's own timed in each, wrong names told."""

import subprocess

import pytest

from bench.commands.endings import CommandError
from bench.commands.regress import RegressOptions, regress
from bench.regression.pairs import Sitting, in_pairs, measure
from bench.regression.trees import Tree, TreeError, checked_out, head

MODULE = """
def prepare():
    numbers = list(range({size}))
    return lambda: sorted(numbers, key=lambda number: -number)

def broken():
    raise RuntimeError("it broke")
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A repository of somebody else's, whose second revision does four times the work."""

    def git(*words):
        identity = ["-c", "user.name=a", "-c", "user.email=a@b"]
        subprocess.run(["git", *identity, *words], cwd=tmp_path, check=True, capture_output=True)

    git("init", "--quiet", "--initial-branch", "main")
    for size in (20_000, 80_000):
        (tmp_path / "mine.py").write_text(MODULE.format(size=size))
        git("add", "mine.py")
        git("commit", "--quiet", "-m", "x")
    git("tag", "v2")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_functions_of_ones_own_are_timed_in_both_revisions(project):
    ours = head()
    with checked_out("HEAD~1", project) as base:
        before, after = measure(base, ["mine:prepare", "mine:broken"]), measure(ours, ["mine:prepare"])
        place = base.folder

    assert after.seconds["mine:prepare"] > 2 * before.seconds["mine:prepare"]
    assert before.errors == {"mine:broken": "RuntimeError: it broke"}
    assert not place.exists()
    listed = subprocess.run(
        ["git", "worktree", "list"], cwd=project, capture_output=True, text=True, check=True
    )
    assert len(listed.stdout.splitlines()) == 1


def test_the_working_tree_says_whether_it_has_changes(project):
    assert not head().revision.endswith("+changes")
    (project / "mine.py").write_text("changed = True\n")
    assert head().revision.endswith("+changes")


@pytest.mark.parametrize(
    "base, hint", [("man", "did you mean 'main'"), ("--help", "branches and tags are"), ("", "main")]
)
def test_a_wrong_revision_is_told_with_the_nearest_right_one(project, base, hint):
    with pytest.raises(TreeError, match=hint), checked_out(base, project):
        pass
    with pytest.raises(CommandError, match="--base: must be a revision or a folder"):
        regress("trace", RegressOptions(base=base))


def test_pairs_take_turns_and_what_never_runs_is_not_tried_again():
    asked = []

    def measured(tree, names):
        asked.append((tree.name, tuple(names)))
        return Sitting({"a": 1.0, "b": float("nan")}, {"b": "no"} if "b" in names else {})

    base, ours = Tree("base", None), Tree("head", None)
    found = in_pairs(base, ours, ["a", "b"], 4, measured)

    assert [name for name, _ in asked] == [
        "head",
        "base",
        "base",
        "head",
        "head",
        "base",
        "base",
        "head",
        "head",
        "base",
    ]
    assert [names for _, names in asked[2:]] == [("a",)] * 8
    assert found.base["a"] == [1.0] * 4
    assert found.errors == {"b": "head: no"}
