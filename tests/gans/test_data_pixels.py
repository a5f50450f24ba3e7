"""Images kept as bytes: what is drawn of them, and that the whole is not turned to float unasked."""

import pytest
import torch
import torch.nn.functional as F

from gans.data.pixels import Pixels


def _bytes(count=7, channels=1):
    return torch.randint(
        0, 256, (count, channels, 4, 5), dtype=torch.uint8, generator=torch.Generator().manual_seed(1)
    )


def _scaled(table, pad=0):
    return F.pad(table.float(), (pad,) * 4) / 127.5 - 1


def _kinds():
    table, parts = _bytes(), torch.tensor([[0, 1, 2], [6, 6, 6], [3, 0, 5], [2, 2, 1]], dtype=torch.int32)
    stacked = torch.stack([table[row.long(), 0] for row in parts])
    return {
        "plain": (Pixels(table), _scaled(table)),
        "padded": (Pixels(table, pad=2), _scaled(table, 2)),
        "stacked": (Pixels(table, parts), _scaled(stacked)),
        "stacked and padded": (Pixels(table, parts, pad=1), _scaled(stacked, 1)),
        "colour": (Pixels(_bytes(channels=3)), _scaled(_bytes(channels=3))),
        "rows of a table": (Pixels(table, torch.tensor([[4], [1]])), _scaled(table[[4, 1]])),
    }


every_kind = pytest.mark.parametrize("images, expected", _kinds().values(), ids=_kinds().keys())


@pytest.fixture
def sparing(monkeypatch):
    """Whoever turns all images to float fails."""

    def refuse(self):
        raise AssertionError("all images were turned to float")

    monkeypatch.setattr(Pixels, "dense", refuse)


def test_every_byte_is_scaled_to_the_range_of_a_tanh_and_both_ends_are_exact():
    images = Pixels(torch.arange(256, dtype=torch.uint8).reshape(256, 1, 1, 1))

    values = images[torch.arange(256)].flatten()

    assert (values[0].item(), values[255].item()) == (-1.0, 1.0)
    torch.testing.assert_close(
        values.double(), torch.linspace(-1, 1, 256, dtype=torch.float64), atol=1e-7, rtol=0
    )


@every_kind
def test_shape_type_and_content_are_those_of_the_float_tensor(images, expected):
    assert isinstance(images, torch.Tensor)
    assert (images.shape, images.dtype, len(images)) == (expected.shape, torch.float32, len(expected))
    assert images.is_contiguous()
    assert torch.equal(images.dense(), expected)


@every_kind
@pytest.mark.parametrize("shape", [(3,), (2, 4), (1, 2, 3), (0,)])
def test_drawn_images_are_ordinary_floats_of_the_right_rows(images, expected, shape):
    rows = torch.randint(len(images), shape, generator=torch.Generator().manual_seed(2))

    drawn = images[rows]

    assert type(drawn) is torch.Tensor
    assert torch.equal(drawn, expected[rows])


@every_kind
def test_slices_single_images_and_masks_are_ordinary_floats(images, expected):
    even = torch.arange(len(images)) % 2 == 0

    for found, wanted in (
        (images[:2], expected[:2]), (images[1:], expected[1:]), (images[::2], expected[::2]),
        (images[5:1], expected[5:1]), (images[0], expected[0]), (images[-1], expected[-1]),
        (images[even], expected[even]), (images[:, 0], expected[:, 0]), (images[..., 0], expected[..., 0]),
        (images[[1, 0]], expected[[1, 0]]),
    ):  # fmt: skip
        assert type(found) is torch.Tensor
        assert torch.equal(found, wanted)


@every_kind
def test_parts_of_a_split_put_together_are_all_images(images, expected):
    parts = torch.split(images, 3)

    assert torch.equal(torch.cat([part * 1 for part in parts]), expected)


@every_kind
def test_any_other_operation_sees_the_floats(images, expected):
    assert torch.equal(images.flatten(1).mean(dim=1), expected.flatten(1).mean(dim=1))
    assert torch.equal(images[:, :1] * 1, expected[:, :1])
    assert torch.equal(images == images[:1], expected == expected[:1])
    assert torch.equal(torch.cat([images, images]), torch.cat([expected, expected]))
    assert torch.equal(images.double(), expected.double())
    assert (images.numpy() == expected.numpy()).all()


@every_kind
def test_least_and_largest_values_of_each_pixel_are_found_in_parts(images, expected, monkeypatch):
    monkeypatch.setattr("gans.data.pixels.CHUNK", 2)

    assert torch.equal(images.amin(dim=0), expected.amin(dim=0))
    assert torch.equal(images.amax(dim=0), expected.amax(dim=0))


@every_kind
@pytest.mark.usefixtures("sparing")
def test_what_training_does_never_turns_all_images_to_float(images, expected):
    rows = torch.tensor([[0, 1], [1, 0]])

    assert torch.equal(images.to("cpu").detach().float()[rows], expected[rows])
    assert len(torch.split(images, 2)[0]) == 2
    assert repr(images).startswith("Pixels(shape=(")


@pytest.mark.parametrize("kind", ["padded", "stacked"])
def test_compiled_code_draws_the_same_images(kind):
    images, expected = _kinds()[kind]
    rows = torch.tensor([[0, 3], [1, 1]])
    draw = torch.compile(lambda data, at: data[at] * 2, fullgraph=True, backend="aot_eager")

    torch.testing.assert_close(draw(images, rows), expected[rows] * 2)


def test_a_memory_mapped_table_is_not_copied(tmp_path):
    import numpy as np

    file = tmp_path / "table"
    file.write_bytes(bytes(range(24)))
    table = torch.from_numpy(np.memmap(file, dtype=np.uint8, mode="c", shape=(6, 1, 2, 2)))

    images = Pixels(table).to("cpu")

    assert images.table.data_ptr() == table.data_ptr()
