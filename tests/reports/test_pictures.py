import base64
import io

import numpy as np
import pytest
from PIL import Image
from report_records import config, record

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
