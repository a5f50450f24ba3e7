"""Products of many small matrices, faster than the library that PyTorch calls on some processors.

Compiled cohorts spend most of their time in batched products of matrices 32 to 128 wide. There MKL keeps to
AVX2 on processors that are not Intel's, although many of them have AVX-512, which ``products.cpp`` uses. It
is built by the compiler that ``torch.compile`` needs anyway, once per machine, into Inductor's cache folder.

The environment variable ``GANS_PRODUCTS`` decides otherwise: ``torch`` leaves every product to PyTorch,
``own`` uses this kernel on any processor that has AVX-512.
"""

from __future__ import annotations

import functools
import hashlib
import os
import subprocess
import warnings
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import torch
from torch import Tensor
from torch._inductor.cpp_builder import get_cpp_compiler
from torch._inductor.custom_graph_pass import CustomGraphPass, get_hash_for_files
from torch._inductor.exc import InvalidCxxCompiler
from torch._inductor.runtime.cache_dir_utils import cache_dir
from torch.utils._python_dispatch import TorchDispatchMode

SOURCE = Path(__file__).with_suffix(".cpp")

FLAGS = ("-O3", "-std=c++20", "-mavx512f", "-mfma", "-shared", "-fPIC")
"""Of GCC and Clang. Not the processor's own instructions, since machines may share a cache folder."""

_LIBRARY = torch.library.Library("gans", "DEF")  # type: ignore[no-untyped-call]
_LIBRARY.define(  # type: ignore[no-untyped-call]
    "bmm(Tensor left, Tensor right) -> Tensor", tags=(torch.Tag.flexible_layout,)
)
_bmm = torch.ops.gans.bmm.default


@torch.library.register_fake("gans::bmm", lib=_LIBRARY)  # type: ignore[untyped-decorator]
def _shape_of_product(left: Tensor, right: Tensor) -> Tensor:
    return left.new_empty((left.shape[0], left.shape[1], right.shape[2]))


def pays_here() -> bool:
    """Whether this processor has AVX-512 that PyTorch's own products leave unused."""
    wish = os.environ.get("GANS_PRODUCTS", "")
    if wish not in ("", "own", "torch"):
        raise ValueError(
            f"GANS_PRODUCTS: must be 'own' or 'torch', got {wish!r}; unset it to let gans choose"
        )
    if wish == "torch" or torch.backends.cpu.get_cpu_capability() != "AVX512":
        return False
    return wish == "own" or _vendor() not in ("", "GenuineIntel")


def _vendor() -> str:
    """Who made this processor, as Linux tells; empty elsewhere."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("vendor_id")), "")


def inductor_options() -> dict[str, Any]:
    """What to tell ``torch.compile`` so that compiled code multiplies with the products of this file.

    Empty where they would gain nothing or cannot be built; the latter is a RuntimeWarning.

    Example:
        >>> double = torch.compile(lambda x: torch.bmm(x, x), options=inductor_options())
        >>> double(torch.full((2, 3, 3), 2.0))[1, 0].tolist()
        [12.0, 12.0, 12.0]
    """
    if not (pays_here() and _is_loaded()):
        return {}
    # What the processor says of itself is enough: Inductor's own trial of it costs each worker 6 s.
    return {"post_grad_custom_post_pass": OwnProducts(), "cpp.vec_isa_ok": True}


def eager_products() -> AbstractContextManager[Any]:
    """Inside it, products that are not compiled go to the kernel too, where compiled ones would.

    It halves the time of drawing from a cohort of width 32.

    Example:
        >>> with eager_products():
        ...     torch.bmm(torch.full((2, 3, 3), 2.0), torch.full((2, 3, 3), 2.0))[1, 0].tolist()
        [12.0, 12.0, 12.0]
    """
    if not (pays_here() and _is_loaded()):
        return nullcontext()
    return EagerProducts()  # type: ignore[no-untyped-call]


def _is_ours(left: Tensor, right: Tensor) -> bool:
    is_kind = left.device.type == "cpu" and left.dtype == torch.float32
    return is_kind and left.shape[1] > 1 and right.shape[2] > 1


class OwnProducts(CustomGraphPass):
    """Inductor's pass that hands float32 products on the CPU to ``gans::bmm``.

    Those with one row or one column stay: Inductor writes them as sums and joins these with their neighbours.
    """

    def __call__(self, graph: torch.fx.Graph) -> None:
        """Replace the targets in place; shapes and values stay what they are."""
        for node in graph.find_nodes(op="call_function", target=torch.ops.aten.bmm.default):
            left, right = (cast(torch.fx.Node, factor).meta["val"] for factor in node.args)
            if _is_ours(left, right):
                node.target = _bmm

    def uuid(self) -> bytes:
        """Name for Inductor's cache: other code here, other programs."""
        return get_hash_for_files((__file__, str(SOURCE)))


class EagerProducts(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """The same for code that runs as Python calls it, ``vmap`` and gradients included."""

    def __torch_dispatch__(
        self,
        function: Any,
        types: Any,
        arguments: Sequence[Any] = (),
        options: Mapping[str, Any] | None = None,
    ) -> Any:
        """Call what was meant to be called, or the kernel in its place."""
        if function is torch.ops.aten.bmm.default and _is_ours(*arguments):
            return _bmm(*arguments)
        return function(*arguments, **(options or {}))


@functools.cache
def _is_loaded() -> bool:
    """Load the kernel into this process once, or say once that there will be none."""
    try:
        library = build(Path(cache_dir()) / "gans")
        torch.ops.load_library(str(library))  # type: ignore[no-untyped-call]
    except InvalidCxxCompiler:
        return False  # whoever compiles next finds out too, and says so
    except (OSError, subprocess.SubprocessError) as error:
        said = (getattr(error, "stderr", "") or str(error)).strip().partition("\n")[0]
        warnings.warn(
            f"products: using PyTorch's, cannot build our own; {said}", RuntimeWarning, stacklevel=3
        )
        return False
    return True


def build(folder: Path) -> Path:
    """Compile the kernel into a shared library unless the folder holds it already.

    Safe when several processes do so at once: each compiles aside and moves a whole file into place.

    Returns:
        the library, named after all that went into it.

    Raises:
        OSError, subprocess.SubprocessError: the folder cannot be written, or the compiler fails.
        InvalidCxxCompiler: there is none.
    """
    compiler, home = get_cpp_compiler(), Path(torch.__file__).parent
    parts = [SOURCE.read_text(encoding="utf-8"), torch.__version__, compiler, *FLAGS]
    library = folder / f"products-{hashlib.sha256(repr(parts).encode()).hexdigest()[:16]}.so"
    if not library.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=folder) as aside:
            fresh = Path(aside) / library.name
            command = [compiler, *FLAGS, f"-I{home / 'include'}", str(SOURCE), f"-L{home / 'lib'}"]
            subprocess.run(
                [*command, "-ltorch_cpu", "-o", str(fresh)], check=True, capture_output=True, text=True
            )
            fresh.replace(library)
    return library
