"""Folders of images from anywhere: audited or refused, whatever the files are called and hold."""

from __future__ import annotations

import io
import shutil

import numpy as np
from harness import HOSTILE, cases, check_clean, ganbench
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

NAMES = st.sampled_from(
    [name for name in HOSTILE if name.strip(" .") and "/" not in name and "\0" not in name
     and len(name.encode()) < 200]
)  # fmt: skip
SUFFIXES = st.sampled_from([".png", ".jpg", ".gif", ".tif", ".webp", ".ppm", ".bmp", ".txt"])


def picture(seed, side, mode, form):
    levels = np.random.default_rng(seed).integers(0, 256, (side, side + 1, 4), dtype=np.uint8)
    stream = io.BytesIO()
    Image.fromarray(levels).convert(mode).save(stream, form)
    return stream.getvalue()


@st.composite
def files(draw):
    content = picture(
        draw(st.integers(0, 9)), draw(st.sampled_from([1, 2, 9, 40])), draw(st.sampled_from(["L", "RGB",
        "1"])),
        draw(st.sampled_from(["PNG", "GIF", "TIFF", "BMP", "PPM"])),
    )  # fmt: skip
    harm = draw(st.sampled_from(["none", "none", "cut", "flipped", "noise", "empty"]))
    at = draw(st.integers(0, len(content) - 1))
    damaged = {
        "none": content, "cut": content[:at], "empty": b"", "noise": draw(st.binary(max_size=60)),
        "flipped": content[:at] + bytes([content[at] ^ 0x5A]) + content[at + 1 :],
    }[harm]  # fmt: skip
    parent = draw(st.sampled_from(["", "", "a/", "b/", ".hidden/"]))
    return f"{parent}{draw(NAMES)}{draw(SUFFIXES)}", damaged


def lay_out(folder, content):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, damaged in content:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(damaged)


@cases(12)
@given(st.lists(files(), max_size=5))
def test_any_folder_of_images_is_audited_or_refused(here, content):
    lay_out(here / "images", content)

    check_clean(ganbench("audit", "images"))


@cases(8)
@given(st.lists(files(), max_size=4), st.lists(files(), max_size=4))
def test_any_two_folders_are_scored_or_refused(here, content, other):
    lay_out(here / "images", content)
    lay_out(here / "others", other)

    check_clean(ganbench("score", "images", "others", "--extractor", "mnist"))


def test_a_link_out_of_the_folder_and_a_pipe_are_no_reason_to_hang(here):
    import os

    (here / "images").mkdir()
    (here / "images" / "a.png").symlink_to("/dev/zero")
    os.mkfifo(here / "images" / "b.png")
    (here / "images" / "c.png").write_bytes(picture(0, 9, "L", "PNG"))

    check_clean(ganbench("audit", "images"))
