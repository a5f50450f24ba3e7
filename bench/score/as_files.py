"""Write the images that a score takes as PNG files, to hold it against another program's.

Usage: ``python -m bench.score.as_files NAME FOLDER [--n N]``; NAME and N as in ``ganbench score``, which
takes the same N images on every call. ``fidelity --cpu --fid --input1 FOLDER --input2 FOLDER`` of
torch-fidelity then scores the same.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch
from PIL import Image

from bench.score.images import Images, images_named


def write_files(images: Images, folder: Path) -> None:
    """Write a set of images as numbered files of 8 bits a channel into a folder that is not there yet.

    Raises:
        FileExistsError: there is such a folder; files of another set in it would be scored too.
    """
    folder.mkdir(parents=True)
    for index in range(images.count):
        levels = (images.read(torch.tensor([index]))[0] + 1) * 127.5
        pixels = levels.round().clamp(0, 255).to(torch.uint8).permute(1, 2, 0).squeeze(-1)
        Image.fromarray(pixels.numpy()).save(folder / f"{index:06}.png")


def main() -> None:
    """Write the files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--n", type=int)
    chosen = parser.parse_args()
    if chosen.n is not None and chosen.n < 1:
        parser.error(f"--n: must be at least 1, got {chosen.n}; leave it out to take all images")
    try:
        write_files(images_named(chosen.name).at_most(chosen.n), chosen.folder)
    except FileExistsError:
        parser.error(f"folder: must not be there yet, got {str(chosen.folder)!r}; name a new one")
    except ValueError as error:
        parser.error(" ".join(str(error).split()))


if __name__ == "__main__":
    main()
