"""ganbench sample: draw from the generator of a stored run."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench.commands.endings import DONE, CommandError, told_plainly

if TYPE_CHECKING:
    from torch import Tensor

    from bench.generators import StoredGenerator

_MOST = 100_000
DEFAULT_OUT = Path("samples.png")


@dataclass(frozen=True, slots=True)
class SampleOptions:
    """The options of ``ganbench sample``, as they were given."""

    n: int = 64
    out: Sequence[Path] = (DEFAULT_OUT,)
    seed: int | None = None
    raw: bool = False


def sample(folder: Path, run: str, options: SampleOptions) -> int:
    """Draw samples and write them: a picture, or arrays."""
    _check(options)
    from bench.generators import GeneratorError, load_generator

    with told_plainly():
        try:
            generator = load_generator(folder, run, average=not options.raw)
            latents = generator.latents(options.n, options.seed)
        except GeneratorError as error:
            raise CommandError([str(error)]) from error
        except ValueError as error:
            if not str(error).startswith("n: "):
                raise
            raise CommandError([f"--{error}".replace("give a seed", "give a --seed")]) from error
        samples = generator.from_latents(latents)
        contents = [_FORMATS[path.suffix.lower()](generator, latents, samples) for path in options.out]
    for path, content in zip(options.out, contents, strict=True):
        _write(path, content)
    whose = "the latents of its evaluations" if options.seed is None else f"seed {options.seed}"
    config, files = generator.config, ", ".join(map(str, options.out))
    print(
        f"{options.n} samples of run {generator.run_id} ({config.recipe} on {config.dataset}, "
        f"{generator.version} weights, {whose}): {files}"
    )
    return DONE


def _check(options: SampleOptions) -> None:
    """Refuse options that cannot be, before anything is loaded."""
    lines = []
    if not 1 <= options.n <= _MOST:
        lines.append(f"--n: must be an integer from 1 to {_MOST}, got {options.n}; 64 make a picture")
    if options.seed is not None and options.seed < 0:
        lines.append(
            f"--seed: must be an integer >= 0, got {options.seed}; leave it out for the evaluation's"
        )
    known = ", ".join(_FORMATS)
    lines += [
        f"--out: must end in {known}, got {str(path)!r}; a picture is a .png"
        for path in options.out
        if path.suffix.lower() not in _FORMATS
    ]
    if lines:
        raise CommandError(lines)


def _picture(generator: StoredGenerator, latents: Tensor, samples: Tensor) -> bytes:
    from bench.artifacts import picture, png, sheet
    from bench.generators import columns_for
    from gans.data import load

    n, shape = len(samples), generator.space.sample_shape
    if len(shape) == 3:
        columns = columns_for(n)
        colour = samples.permute(0, 2, 3, 1) if shape[0] == 3 else samples.mean(dim=1)
        return png(sheet(colour.numpy(), -(-n // columns), columns))
    space = generator.space
    data = space if space.mode_centers is not None else load(space.name)
    if data.mode_centers is None or shape != (2,):
        raise CommandError(
            [f"--out: must be .npz or .safetensors for samples of shape {shape}, which are no pictures"]
        )
    return png(picture(samples, data))


def _arrays(generator: StoredGenerator, latents: Tensor, samples: Tensor) -> bytes:
    import numpy as np

    stream = io.BytesIO()
    np.savez_compressed(stream, samples=samples.numpy(), latents=latents.numpy())
    return stream.getvalue()


def _tensors(generator: StoredGenerator, latents: Tensor, samples: Tensor) -> bytes:
    from safetensors.torch import save

    about = f"{generator.version} weights of run {generator.run_id}"
    return save({"samples": samples, "latents": latents.contiguous()}, metadata={"about": about})


_FORMATS: Mapping[str, Callable[[StoredGenerator, Tensor, Tensor], bytes]] = {
    ".png": _picture,
    ".npz": _arrays,
    ".safetensors": _tensors,
}


def _write(path: Path, content: bytes) -> None:
    from bench.artifacts import write_atomically

    try:
        write_atomically(path, content)
    except OSError as error:
        raise CommandError(
            [f"--out: must be a place that can be written, got {path}: {error.strerror}; choose another"]
        ) from error
