import base64
import io

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from report_records import config, record

from reports import films
from reports.frame import frames
from reports.pictures import BUDGET, MAX_BYTES, albums


def png(side: int = 32, seed: int = 0) -> bytes:
    pixels = np.random.default_rng(seed).integers(0, 255, (side, side, 3), dtype=np.uint8)
    target = io.BytesIO()
    Image.fromarray(pixels).save(target, format="PNG")
    return target.getvalue()


def put(folder, run, content):
    place = folder / "artifacts" / run
    place.mkdir(parents=True, exist_ok=True)
    (place / "samples.png").write_bytes(content)


def test_the_picture_of_a_typical_run_is_shown_beside_real_ones(tmp_path):
    runs = frames([record(config(seed=seed), score=seed / 10) for seed in range(9)]).runs
    for seed, run in zip(runs["seed"], runs["run_id"], strict=True):
        put(tmp_path, run, png(seed=int(seed)))
    (tmp_path / "artifacts" / "real-digits.png").write_bytes(png(seed=99))

    (album,) = albums(runs, tmp_path)
    ((outcome, count, pictures),) = album.outcomes

    middle = f"data:image/png;base64,{base64.b64encode(png(seed=4)).decode()}"
    assert (outcome, count, pictures[0].uri) == ("converged", 9, middle)
    assert "score 0.40" in pictures[0].alt
    assert album.real is not None
    assert album.absent == 0


def test_pictures_come_from_different_recipes_where_there_are_some(tmp_path):
    records = [
        record(config(recipe, seed=seed)) for recipe in ("mmgan", "nsgan", "wgan") for seed in range(4)
    ]
    runs = frames(records).runs
    for run in runs["run_id"]:
        put(tmp_path, run, png())

    captions = [picture.caption for picture in albums(runs, tmp_path)[0].outcomes[0][2]]

    assert {caption.split(",")[0] for caption in captions} == {"mmgan", "nsgan", "wgan"}


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"\x89PNG\r\n\x1a\n" + b"x" * 2 * MAX_BYTES])
def test_a_damaged_picture_is_said_and_not_fatal(tmp_path, content):
    runs = frames([record(config())]).runs
    put(tmp_path, runs["run_id"].item(), content)

    (album,) = albums(runs, tmp_path)

    assert (album.empty, album.absent) == (True, 2)  # its own and the real one


def test_a_large_picture_is_shrunk(tmp_path):
    runs = frames([record(config())]).runs
    put(tmp_path, runs["run_id"].item(), png(1200))

    ((_, _, (picture,)),) = albums(runs, tmp_path)[0].outcomes

    assert len(picture.uri) < 4 / 3 * 4 * MAX_BYTES + 100


def test_all_pictures_together_keep_within_their_budget(tmp_path):
    records = [record(config(dataset=f"d{index}", seed=seed)) for index in range(20) for seed in range(3)]
    runs = frames(records).runs
    for run in runs["run_id"]:
        put(tmp_path, run, png(85))

    shown = [
        picture
        for album in albums(runs, tmp_path)
        for _, _, pictures in album.outcomes
        for picture in pictures
    ]

    assert 0 < len(shown) < len(runs)
    assert sum(len(picture.uri) for picture in shown) < 4 / 3 * BUDGET + 200 * len(shown)


def test_a_run_id_cannot_lead_out_of_the_folder(tmp_path):
    (tmp_path / "samples.png").write_bytes(png())
    runs = frames([record(config())]).runs.assign(run_id="..")

    assert albums(runs, tmp_path)[0].empty


def test_without_a_folder_there_is_no_album():
    assert albums(frames([record(config())]).runs, None) == []


def film_png(steps: str = "63 1250 2500", shade: int = 0, size: tuple[int, int] = (60, 12)) -> bytes:
    target, said = io.BytesIO(), PngInfo()
    if steps:
        said.add_text("steps", steps)
    Image.new("L", size, shade).save(target, format="PNG", pnginfo=said)
    return target.getvalue()


def put_film(folder, run, content):
    place = folder / "artifacts" / run
    place.mkdir(parents=True, exist_ok=True)
    (place / "film.png").write_bytes(content)


def test_each_outcome_shows_the_film_of_its_most_typical_run(tmp_path):
    records = [
        record(config(seed=seed), outcome, score=seed / 10)
        for seed, outcome in enumerate(["collapsed:partial"] * 3 + ["converged"] * 3)
    ]
    runs = frames(records).runs
    for seed, run in zip(runs["seed"], runs["run_id"], strict=True):
        put_film(tmp_path, run, film_png(shade=int(seed)))

    good, bad = albums(runs, tmp_path)[0].films

    for film, seed, outcome in ((good, 4, "converged"), (bad, 1, "collapsed:partial")):
        run = runs.set_index("seed").loc[seed, "run_id"]
        assert film.uri == f"data:image/png;base64,{base64.b64encode(film_png(shade=seed)).decode()}"
        assert (film.width, film.height) == (60, 12)
        assert f"run {run}: samples at steps 63, 1,250 and 2,500" in film.alt
        assert f"{outcome}, score 0.{seed}0" in film.alt
        assert film.caption.startswith(f"{outcome}: nsgan")
        assert film.caption.endswith("steps 63, 1,250 and 2,500")


def test_runs_without_films_are_reported_as_before(tmp_path):
    runs = frames([record(config())]).runs
    put(tmp_path, runs["run_id"].item(), png())

    (album,) = albums(runs, tmp_path)

    assert (album.films, album.absent) == ((), 1)  # the real one


@pytest.mark.parametrize(
    "content",
    [
        b"", b"GIF89a", film_png()[:-30], film_png("") , film_png("many"), film_png(" ".join("1" * 99)),
        film_png(size=(5000, 4)), film_png()[:8] + b"x" * 90_000,
    ],
    ids=["empty", "gif", "cut", "no steps", "no numbers", "too many", "too wide", "too large"],
)  # fmt: skip
def test_a_film_that_cannot_be_shown_gives_way_to_the_next_and_is_counted(tmp_path, content):
    runs = frames([record(config(seed=seed), score=seed / 10) for seed in range(3)]).runs.sort_values("seed")
    put_film(tmp_path, runs["run_id"].iloc[1], content)
    put_film(tmp_path, runs["run_id"].iloc[0], film_png(shade=7))

    (album,) = albums(runs, tmp_path)

    assert [film.uri.split(",")[1] for film in album.films] == [base64.b64encode(film_png(shade=7)).decode()]
    assert album.absent == 3 + 1 + 1  # pictures of samples, the real one, the film


def test_films_of_all_datasets_keep_within_their_budget(tmp_path):
    outcomes = ("converged", "still-improving", "collapsed:partial", "no-progress")
    records = [
        record(config(dataset=f"d{index}", seed=seed), outcome)
        for index in range(8)
        for seed, outcome in enumerate(outcomes)
    ]
    runs = frames(records).runs
    noise = np.random.default_rng(0).integers(0, 255, (60, 60), dtype=np.uint8)
    target, said = io.BytesIO(), PngInfo()
    said.add_text("steps", "1 2")
    Image.fromarray(noise).save(target, format="PNG", pnginfo=said)
    for run in runs["run_id"]:
        put_film(tmp_path, run, target.getvalue())

    shown = [film for album in albums(runs, tmp_path) for film in album.films]

    assert 0 < len(shown) < len(runs)
    assert sum(film.used for film in shown) <= films.BUDGET
    assert all(album.films for album in albums(runs, tmp_path))
