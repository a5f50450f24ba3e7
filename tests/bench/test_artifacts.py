"""Pictures of samples: what is drawn where."""

import torch

from bench.artifacts import GAP, GAP_GREY, SCALE, TILES, picture
from gans.data import load


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
