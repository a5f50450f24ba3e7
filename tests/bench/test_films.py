"""Films of training: what is kept, whose it is, and where it is drawn."""

import io

import numpy as np
import pytest
import torch
from PIL import Image

from bench.artifacts import GAP
from bench.films import BETWEEN, CANVAS, DRAWN, FINEST, TILES, Film, due_steps, strip
from bench.jobs import CohortJob
from bench.records import spool
from bench.worker import run_cohort
from gans.data import load
from gans.defaults import config_of

SHADES = {10: -1.0, 20: 0.2, 30: 1.0}
"""Step to the value of every pixel of the first member; the second shows the opposite."""


def filmed(shape=(1, 8, 8), due=(10, 20, 30)):
    film = Film(due)
    for step, value in SHADES.items():
        samples = torch.full((2, 20, *shape), value)
        samples[1] = -value
        film.look(step, samples)
    return film


def opened(content):
    with Image.open(io.BytesIO(content)) as image:
        return image.info["steps"].split(), np.asarray(image)


def end(value=0.5, step=30, shape=(1, 8, 8)):
    return step, torch.full((20, *shape), value)


@pytest.mark.parametrize("member, sign", [(0, 1), (1, -1)])
def test_looks_stand_from_left_to_right_each_member_with_its_own(member, sign):
    steps, pixels = opened(strip(filmed().shots(member, None, end()), load("digits")))

    side = TILES * (GAP + DRAWN) + GAP
    assert steps == ["10", "20", "30"]
    assert pixels.shape == (side, 3 * side + 2 * BETWEEN)
    seen = [pixels[GAP, place * (side + BETWEEN) + GAP] for place in range(3)]
    assert seen == [round((sign * value + 1) * 127.5) for value in SHADES.values()]
    assert (pixels[:, side : side + BETWEEN] == 255).all()


def test_only_due_steps_are_kept():
    assert filmed(due=(10, 30)).steps == [10, 30]


def test_a_member_that_is_handed_over_between_looks_ends_with_what_it_was():
    shots = filmed().shots(0, None, end(step=34))

    assert [step for step, _ in shots] == [10, 20, 30, 34]
    assert (shots[-1][1] == round(1.5 * 127.5)).all()


@pytest.mark.parametrize("diverged, kept", [(2, [10]), (15, [10, 20]), (20, [10, 20]), (31, [10, 20, 30])])
def test_the_film_of_a_diverged_member_ends_with_the_first_look_it_spoiled(diverged, kept):
    assert [step for step, _ in filmed().shots(0, diverged, end(step=40))] == kept


def test_members_that_are_let_go_take_their_looks_along():
    film = filmed()
    film.keep([1])

    assert [int(kept[0, 0, 0]) for _, kept in film.shots(0, None, end())] == [255, 102, 0]


def test_large_pictures_in_colour_are_kept_small_and_grey():
    film = Film((1,))
    samples = torch.zeros(1, 20, 3, 28, 28)
    samples[:, :, 0], samples[:, :, 1, :2, :2] = 1.0, 0.5
    film.look(1, samples)

    ((_, kept),) = film.shots(0, 1, end())
    assert kept.shape == (TILES**2, 14, 14)
    assert max(kept.shape[1:]) <= FINEST
    assert (kept[0, 0, 0], kept[0, 1, 1]) == (round(1.5 * 127.5), round(4 / 3 * 127.5))


def test_what_is_not_finite_is_drawn_black_and_points_far_out_are_left_out():
    film = Film((1,))
    film.look(1, torch.full((1, 20, 1, 8, 8), torch.nan))
    assert (film.shots(0, 1, end())[0][1] == 0).all()

    points = torch.tensor([[1.0, 0.0], [torch.nan, 0.0], [1e9, 0.0]])[None]
    ring = Film((1,))
    ring.look(1, points)
    _, pixels = opened(strip(ring.shots(0, 1, (1, points[0])), load("ring8")))
    rows, columns = np.nonzero(pixels == 20)
    assert pixels.shape == (CANVAS + 2, CANVAS + 2)
    assert (rows.tolist(), columns.tolist()) == (
        [1 + CANVAS // 2],
        [1 + int((1 / 1.35 + 1) / 2 * CANVAS)],
    )


def test_a_run_of_few_probes_shows_each_once():
    assert due_steps([7]) == (7,)
    assert due_steps(range(1, 41))[::5] == (1, 40)


def test_a_worker_leaves_the_film_of_every_run(tmp_path):
    shape = {
        "generator_width": 4,
        "discriminator_width": 4,
        "batch_size": 4,
        "data_size": 64,
        "latent_dim": 2,
    }
    calm = config_of("nsgan", seed=0, dataset="small_data:images", steps=32, evaluations=8, **shape)
    wild = config_of("nsgan", seed=1, dataset="small_data:images", steps=32, evaluations=8, **shape,
                     generator_lr=1e38)  # fmt: skip
    run_cohort(CohortJob("c", (calm, wild), compiled=False, out=str(tmp_path)))

    found = {record.config["seed"]: record for _, record in spool.read_all(tmp_path)}
    steps = {
        seed: opened((tmp_path / "artifacts" / record.run_id / "film.png").read_bytes())[0]
        for seed, record in found.items()
    }
    assert steps == {0: ["4", "8", "16", "20", "28", "32"], 1: ["4"]}
    assert all("film.png" in record.artifacts for record in found.values())
