"""Pictures of samples: what is drawn where."""

import json

import torch

from bench.artifacts import GAP, GAP_GREY, SCALE, TILES, picture, write_member, write_real
from gans.cohort import Cohort
from gans.data import load
from gans.defaults import config_of


def test_each_image_is_drawn_whole_within_a_grey_frame():
    digits = load("digits")
    drawn = picture(digits.holdout[:2], digits)

    side = GAP + 8 * SCALE
    assert drawn.shape == (TILES * side + GAP, TILES * side + GAP)
    assert (drawn[:GAP] == GAP_GREY).all()
    assert (drawn[:, side : side + GAP] == GAP_GREY).all()
    expected = ((digits.holdout[1, 0].double() + 1) * 127.5).round().byte().numpy()
    assert (drawn[GAP:side:SCALE, side + GAP : 2 * side : SCALE] == expected).all()
    assert (drawn[GAP:side, 2 * side + GAP : 3 * side] == 0).all()  # no third image: left black


def test_pixels_that_are_not_finite_are_drawn_black_and_wild_ones_clipped():
    digits = load("digits")
    samples = torch.stack([torch.full((1, 8, 8), torch.nan), torch.full((1, 8, 8), 99.0)])
    drawn = picture(samples, digits)

    side = GAP + 8 * SCALE
    assert (drawn[GAP:side, GAP:side] == 0).all()
    assert (drawn[GAP:side, side + GAP : 2 * side] == 255).all()


def test_equal_generators_are_stored_in_equal_bytes(tmp_path):
    digits = load("digits")
    configs = [config_of("nsgan", seed=seed, generator_width=4, batch_size=4) for seed in range(2)]
    cohort = Cohort(configs, digits)
    samples = torch.zeros(8, 1, 8, 8)
    stored = [write_member(tmp_path / str(n), "r", cohort, 0, samples, digits) for n in range(8)]
    other = write_member(tmp_path / "other", "r", cohort, 1, samples, digits)

    assert all(each == stored[0] for each in stored)
    assert other["generator.safetensors"] != stored[0]["generator.safetensors"]


def test_a_mixture_leaves_its_true_modes_beside_its_real_samples(tmp_path):
    write_real(tmp_path, load("ring8"))
    write_real(tmp_path, load("digits"))

    told = json.loads((tmp_path / "artifacts" / "modes-ring8.json").read_text())

    assert len(told["centers"]) == 8
    assert told["centers"][0] == [1.0, 0.0]
    assert told["sd"] == 0.01
    assert not (tmp_path / "artifacts" / "modes-digits.json").exists()
