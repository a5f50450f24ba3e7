"""ganbench score gives torch-fidelity's numbers, says what they are of, and refuses what cannot be scored."""

import os
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from score_images import printed, registered, theirs, write_images

from bench.cli import main
from bench.features import EXTRACTORS, Extractor
from bench.features.inception import VARIABLE, _empty
from bench.score.scores import Sides, score_sets


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("GANBENCH_CACHE", str(tmp_path / "cache"))


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    root = tmp_path_factory.mktemp("images")
    return write_images(root / "a", 220, seed=1), write_images(root / "b", 240, seed=2, darkest=40)


def told(capsys, *arguments):
    code = main(["score", *map(str, arguments)])
    found = capsys.readouterr()
    return code, found.out, found.err


def no_tell(*_):
    return None


@pytest.mark.parametrize("name", ["mnist64", "fashion64"])
def test_scores_are_torch_fidelitys(folders, capsys, name):
    expected = theirs(*folders, registered(name), subset_size=220, isc=True)

    code, out, _ = told(capsys, *folders, "--extractor", name)

    assert code == 0
    found = printed(out)
    for metric, value in expected.items():
        assert found[metric] == pytest.approx(value, rel=1e-3, abs=1e-3), metric


def test_precision_and_recall_are_of_all_images_however_many():
    """Reals at 0, 2, ..., 20398; 10,100 fakes between those up to 20199, and 100 a million away.

    The ball of the last fake but those reaches 6 further, to its third neighbour: it holds reals up to 20204.
    """
    real = 2.0 * torch.arange(10_200)[:, None]
    fake = torch.cat([2.0 * torch.arange(10_100) + 1, 1e6 + 1e3 * torch.arange(100)])[:, None]
    points = Extractor(name="points1", dimension=1, classes=0, sha256="", embed=lambda rows: rows)

    found = {score.name: score for score in score_sets(Sides(points, fake, real), ["pr"], no_tell)}

    assert found["precision-points1@10200"].value == pytest.approx(10_100 / 10_200, abs=1e-12)
    assert found["recall-points1@10200"].value == pytest.approx(10_103 / 10_200, abs=1e-12)
    assert found["recall-points1@10200"].floor_count == 5100


def test_inception_scores_are_torch_fidelitys(folders, capsys, tmp_path):
    given = os.environ.get(VARIABLE)
    if not given:
        pytest.skip(f"not proved: Inception's scores are torch-fidelity's ({VARIABLE} names no weights)")
    first, second = (write_images(tmp_path / name, 40, seed) for name, seed in (("a", 1), ("b", 2)))
    # torch-fidelity wants the head and the counters, too, as a pickle.
    state = {name: torch.zeros(tensor.shape) for name, tensor in _empty().state_dict().items()}
    torch.save(state | load_file(given), tmp_path / "full.pth")
    expected = theirs(
        first, second, "inception-v3-compat", 40, feature_extractor_weights_path=str(tmp_path / "full.pth")
    )

    code, out, _ = told(capsys, first, second)

    assert code == 0
    assert "fid-inception2048@40" in out
    found = printed(out)
    for metric in ("fid", "kid", "precision", "recall"):
        assert found[metric] == pytest.approx(expected[metric], rel=1e-3, abs=1e-3), metric


def test_without_the_head_inception_score_is_explained_and_refused_by_name(folders, capsys, monkeypatch):
    if not os.environ.get(VARIABLE):
        pytest.skip(f"not proved: what is said of a missing head ({VARIABLE} names no weights)")
    few = ("--n", "12")

    code, out, _ = told(capsys, *folders, *few)
    refused, _, error = told(capsys, *folders, *few, "--metrics", "fid,is")

    assert code == 0
    assert "is: not taken; it needs the classifier head" in out
    assert refused == 2
    assert error.count("\n") == 1
    assert "got 'is': it needs the classifier head" in error


def test_every_score_bears_extractor_and_count_and_has_a_floor(folders, capsys):
    _, out, _ = told(capsys, *folders, "--extractor", "mnist")

    table = [line.split() for line in out.splitlines()[3:]]
    assert [row[0] for row in table] == [
        f"{name}-mnist64@220" for name in ("fid", "kid", "precision", "recall", "density", "coverage", "is")
    ]
    assert all(float(row[2]) < float("inf") for row in table)
    assert [row[3] for row in table] == ["@220", *["@120"] * 5, "@240"]


def test_only_the_metrics_asked_for_are_taken(folders, capsys):
    _, out, _ = told(capsys, *folders, "--extractor", "mnist", "--metrics", "is,fid")

    assert list(printed(out)) == ["is", "fid"]


def test_a_folder_against_itself_is_perfect(folders, capsys):
    _, out, _ = told(capsys, folders[0], folders[0], "--extractor", "mnist", "--metrics", "fid,pr")

    assert printed(out) == {"fid": pytest.approx(0, abs=1e-6), "precision": 1, "recall": 1, **{
        name: printed(out)[name] for name in ("density", "coverage")
    }}  # fmt: skip
    assert printed(out)["coverage"] == 1


def test_n_takes_the_same_images_every_time(folders, capsys):
    first, second = (told(capsys, *folders, "--extractor", "mnist", "--n", "50")[1] for _ in range(2))

    assert first == second
    assert "fid-mnist64@50" in first


def test_parts_of_a_data_set_are_scored(capsys):
    code, out, _ = told(capsys, "digits:train", "digits", "--extractor", "digits", "--metrics", "fid")

    assert code == 0
    assert out.startswith("digits:train (1100 images of 8x8) against digits:test (697 images of 8x8)")
    assert "fid-digits32@697" in out


def test_the_floor_of_fid_is_what_real_images_score_at_these_counts():
    random = torch.Generator().manual_seed(0)
    draw = lambda count: torch.randn(count, 12, generator=random)  # noqa: E731
    plain = EXTRACTORS.get("mnist64")()

    floors, values = [], []
    for _ in range(6):
        (found,) = score_sets(Sides(plain, draw(900), draw(1500)), ["fid"], no_tell)
        floors.append(found.floor)
        values.append(found.value)

    assert sum(floors) / 6 == pytest.approx(sum(values) / 6, rel=0.15)


def lacks(extractor):
    """One of our extractors without its classifier."""
    from dataclasses import replace

    return replace(extractor, classify=None, classes=0)


def blind():
    return lacks(EXTRACTORS.get("mnist64")())


def broken():
    raise RuntimeError("no such weights\nand more")


def nothing():
    return 3


def endless():
    from dataclasses import replace

    extractor = blind()
    return replace(extractor, embed=lambda images: extractor.embed(images) / 0)


@pytest.fixture
def importable(monkeypatch):
    monkeypatch.syspath_prepend(Path(__file__).parent)


def test_an_extractor_of_ones_own_needs_no_classifier(folders, capsys, importable):
    code, out, _ = told(capsys, *folders, "--extractor", "test_score:blind")

    assert code == 0
    assert "is: not taken; mnist64 has no classifier" in out


BAD = {
    "unknown extractor": (
        ("--extractor", "incepton"), "--extractor: must be a known extractor .* did you mean 'inception'",
    ),
    "unknown metric": (("--metrics", "fid,fit"), "must be known metrics, got 'fit'; did you mean 'fid'"),
    "no metric": (("--metrics", ","), "--metrics: must name one metric or more"),
    "too few": (("--n", "1"), "--n: must be at least 2, got 1"),
    "weights of nobody": (
        ("--extractor", "mnist", "--inception-weights", "x"), "--inception-weights: must come with",
    ),
    "missing weights": (("--inception-weights", "none.safetensors"), "weights must be a file, got 'none.saf"),
    "raises": (("--extractor", "test_score:broken"), "an Extractor, got RuntimeError: no such weights;"),
    "is none": (("--extractor", "test_score:nothing"), "must return a bench.features.Extractor, got int"),
    "infinite": (("--extractor", "test_score:endless"), "features must be finite, got 220 of 220 images"),
    "wrong size": (("--extractor", "digits"), r"samples must have shape \(1, 8, 8\), got \(1, 28, 28\)"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_bad_options_are_one_line_with_a_remedy(folders, capsys, importable, monkeypatch, case):
    import re

    monkeypatch.delenv(VARIABLE, raising=False)
    arguments, message = BAD[case]

    code, out, error = told(capsys, *folders, *arguments)

    assert (code, out, error.count("\n")) == (2, "", 1)
    assert re.search(message, error), error
    assert "; " in error
