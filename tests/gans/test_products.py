"""Our products are PyTorch's products, matrix by matrix, and only compiled code on the CPU meets them."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch
from torch import Tensor
from torch._inductor.utils import run_and_get_code
from torch.fx.experimental.proxy_tensor import make_fx

from gans import products
from gans.cohort import Cohort
from gans.data import load
from gans.defaults import config_of
from gans.rng import stream

HAS_AVX512 = torch.backends.cpu.get_cpu_capability() == "AVX512"

needs_avx512 = pytest.mark.skipif(
    not HAS_AVX512, reason="no AVX-512 here: that our kernel multiplies is not proved"
)

SIZES = [
    (2, 64, 64, 64), (3, 17, 33, 5), (2, 8, 16, 1), (1, 1, 1, 1), (4, 7, 31, 100), (2, 9, 65, 16),
    (5, 4, 4, 4), (2, 31, 48, 17), (3, 64, 2, 256),
]  # fmt: skip
"""batch, m, n, k: whole tiles, tails of every kind, thin and long ones."""

LAYOUTS: dict[str, Callable[[Tensor], Tensor]] = {
    "rows": lambda x: x,
    "columns": lambda x: x.mT.contiguous().mT,
    "padded": lambda x: torch.cat([x, x, x], dim=2)[:, :, : x.shape[2]],
    "strided": lambda x: x.repeat_interleave(2, dim=1).repeat_interleave(3, dim=2)[:, ::2, ::3],
    "odd start": lambda x: torch.cat([torch.zeros(3), x.reshape(-1)])[3:].reshape(x.shape),
    "batch inside": lambda x: x.transpose(0, 1).contiguous().transpose(0, 1),
}


@pytest.fixture(autouse=True)
def wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GANS_PRODUCTS", "own")


@pytest.fixture
def bmm() -> Callable[[Tensor, Tensor], Tensor]:
    assert products.inductor_options()
    return torch.ops.gans.bmm


@pytest.fixture
def forgotten() -> Iterator[None]:
    """A process that has not tried to load the kernel yet."""
    products._is_loaded.cache_clear()
    yield
    products._is_loaded.cache_clear()


def factors(batch: int, m: int, n: int, k: int) -> tuple[Tensor, Tensor]:
    draws = stream(0, "products")
    return torch.randn(batch, m, k, generator=draws), torch.randn(batch, k, n, generator=draws)


@needs_avx512
@pytest.mark.parametrize("right_layout", LAYOUTS)
@pytest.mark.parametrize("left_layout", LAYOUTS)
def test_products_are_those_of_float64(bmm, left_layout: str, right_layout: str) -> None:
    for size in SIZES:
        left, right = factors(*size)
        expected = torch.bmm(left.double(), right.double())

        actual = bmm(LAYOUTS[left_layout](left), LAYOUTS[right_layout](right))

        # A sum of k rounded products is off by at most k times the rounding of its largest part.
        bound = 2e-7 * size[-1] * torch.bmm(left.abs().double(), right.abs().double())
        assert actual.is_contiguous()
        assert ((actual - expected).abs() <= bound).all(), size


@needs_avx512
def test_a_matrix_shared_by_the_whole_batch_may_be_expanded(bmm) -> None:
    left, right = factors(6, 10, 20, 30)
    shared = right[:1].expand(6, -1, -1)

    torch.testing.assert_close(bmm(left, shared), torch.bmm(left, shared))


@needs_avx512
@pytest.mark.parametrize("size", [(0, 3, 4, 5), (2, 0, 4, 5), (2, 3, 0, 5), (2, 3, 4, 0)])
def test_empty_products_are_those_of_torch(bmm, size: tuple[int, ...]) -> None:
    left, right = factors(*size)

    assert torch.equal(bmm(left, right), torch.bmm(left, right))


@needs_avx512
@pytest.mark.parametrize("poison", [float("nan"), float("inf"), float("-inf")])
@pytest.mark.parametrize("right_layout", ["rows", "columns"])
def test_what_is_not_finite_stays_in_its_own_product(bmm, right_layout: str, poison: float) -> None:
    left, right = factors(3, 19, 37, 21)
    clean = bmm(left, LAYOUTS[right_layout](right))
    left[1, 4, 7], right[1, 20, 36] = poison, poison

    spoiled = bmm(left, LAYOUTS[right_layout](right))

    expected = torch.bmm(left, right)
    assert torch.equal(spoiled[[0, 2]], clean[[0, 2]])
    assert torch.equal(spoiled.isfinite(), expected.isfinite())
    assert torch.equal(spoiled.isnan(), expected.isnan())


@needs_avx512
def test_a_product_does_not_depend_on_its_neighbours_or_on_threads(bmm) -> None:
    left, right = factors(64, 48, 40, 56)
    threads = torch.get_num_threads()
    try:
        torch.set_num_threads(1)
        together = bmm(left, right)
        torch.set_num_threads(2)
        shared_out = bmm(left, right)
    finally:
        torch.set_num_threads(threads)

    assert torch.equal(together, shared_out)
    assert torch.equal(together, torch.cat([bmm(left[i : i + 1], right[i : i + 1]) for i in range(64)]))


@needs_avx512
def test_factors_that_do_not_fit_are_refused(bmm) -> None:
    left, right = factors(2, 3, 4, 5)

    with pytest.raises(RuntimeError, match="both factors must be float32"):
        bmm(left.double(), right.double())
    for wrong in (right[:1], right[:, :4], right[0]):
        with pytest.raises(RuntimeError, match=r"factors must be \(batch, m, k\) and \(batch, k, n\)"):
            bmm(left, wrong)


def test_the_pass_takes_float32_that_is_not_thin() -> None:
    def products_of(x: Tensor, y: Tensor, row: Tensor) -> tuple[Tensor, ...]:
        served = torch.bmm(x, y), torch.bmm(y, x.mT)
        return *served, torch.bmm(row, x), torch.bmm(x, row.mT), torch.bmm(x.double(), y.double())

    draws = *factors(2, 3, 3, 3), torch.ones(2, 1, 3)
    graph = make_fx(products_of, tracing_mode="fake")(*draws).graph

    products.OwnProducts()(graph)

    targets = [node.target for node in graph.nodes]
    assert targets.count(torch.ops.gans.bmm.default) == 2
    assert targets.count(torch.ops.aten.bmm.default) == 3


@needs_avx512
def test_compiled_code_multiplies_with_ours_and_sums_thin_products_as_before() -> None:
    def network(x: Tensor, hidden: Tensor, last: Tensor) -> Tensor:
        return torch.bmm(torch.relu(torch.bmm(x, hidden.mT)), last)

    draws = stream(1, "products")
    inputs = [torch.randn(4, *shape, generator=draws) for shape in ((9, 6), (10, 6), (10, 1))]

    options = products.inductor_options()
    actual, (code,) = run_and_get_code(torch.compile(network, options=options), *inputs)

    torch.testing.assert_close(actual, network(*inputs))
    assert code.count(" = torch.ops.gans.bmm.default(") == 1
    assert "extern_kernels.bmm" not in code
    assert torch._inductor.config.post_grad_custom_post_pass is None


@needs_avx512
def test_eager_code_multiplies_with_ours_inside_the_context_only(monkeypatch) -> None:
    counted = []
    monkeypatch.setattr(products, "_bmm", lambda *pair: counted.append(pair) or torch.ops.gans.bmm(*pair))
    weights, rows, thin = (factors(4, 9, 10, 6)[index] for index in (1, 0, 0))

    def slopes(weight: Tensor, row: Tensor) -> Tensor:
        return torch.func.grad(lambda x: torch.nn.functional.linear(x, weight.mT).tanh().sum())(row)

    plain = torch.vmap(slopes)(weights, rows)
    assert not counted
    with products.eager_products():
        ours = torch.vmap(slopes)(weights, rows)
        torch.bmm(thin[:, :1], weights), torch.bmm(rows.double(), weights.double())

    assert len(counted) == 2  # there and back; a single row and doubles stay PyTorch's
    torch.testing.assert_close(ours, plain)


@needs_avx512
def test_a_compiled_cohort_trains_as_an_eager_one_and_keeps_members_apart() -> None:
    shape = {"generator_width": 32, "discriminator_width": 32, "latent_dim": 4, "batch_size": 8}
    calm = [config_of("nsgan", seed=seed, **shape) for seed in range(3)]
    wild = [calm[0], dataclasses.replace(calm[1], generator_lr=float("inf")), calm[2]]

    ends = []
    for members, through in ((calm, False), (calm, True), (wild, True)):
        cohort = Cohort(members, load("digits"), compiled=through)  # ends the life of the one before it
        cohort.train(10)
        assert cohort.mode == ("compiled" if through else "eager")
        ends.append(torch.cat([cohort.state.generator.weights, cohort.state.discriminator.weights], dim=1))

    torch.testing.assert_close(ends[1], ends[0], rtol=1e-4, atol=2e-5)
    assert torch.equal(ends[2][[0, 2]], ends[1][[0, 2]])
    assert not ends[2][1].isfinite().all()


@pytest.mark.parametrize(
    "capability, vendor, wish, expected",
    [
        ("AVX512", "AuthenticAMD", "", True),
        ("AVX512", "GenuineIntel", "", False),
        ("AVX512", "", "", False),
        ("AVX512", "GenuineIntel", "own", True),
        ("AVX512", "AuthenticAMD", "torch", False),
        ("AVX2", "AuthenticAMD", "", False),
        ("AVX2", "AuthenticAMD", "own", False),
    ],
)
def test_ours_are_for_avx512_that_mkl_leaves_unused(
    monkeypatch, capability: str, vendor: str, wish: str, expected: bool
) -> None:
    monkeypatch.setattr(torch.backends.cpu, "get_cpu_capability", lambda: capability)
    monkeypatch.setattr(products, "_vendor", lambda: vendor)
    monkeypatch.setenv("GANS_PRODUCTS", wish)

    assert products.pays_here() == expected


def test_another_wish_is_refused(monkeypatch) -> None:
    monkeypatch.setenv("GANS_PRODUCTS", "mkl")

    with pytest.raises(ValueError, match="GANS_PRODUCTS: must be 'own' or 'torch', got 'mkl'"):
        products.pays_here()


@needs_avx512
@pytest.mark.usefixtures("forgotten")
def test_a_failing_compiler_is_told_once_and_leaves_the_products_to_torch(
    monkeypatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(products, "FLAGS", ("-nonsense",))
    monkeypatch.setattr(products, "cache_dir", lambda: str(tmp_path))

    with pytest.warns(RuntimeWarning, match="products: using PyTorch's, cannot build our own; .*nonsense"):
        assert products.inductor_options() == {}
    assert products.inductor_options() == {}
    assert not list((tmp_path / "gans").iterdir())


@needs_avx512
@pytest.mark.usefixtures("forgotten")
def test_a_damaged_library_leaves_the_products_to_torch(monkeypatch, tmp_path: Path) -> None:
    damaged = tmp_path / "products.so"
    damaged.write_bytes(b"not a library")
    monkeypatch.setattr(products, "build", lambda folder: damaged)

    with pytest.warns(RuntimeWarning, match="products: using PyTorch's"):
        assert products.inductor_options() == {}


def test_processes_that_build_at_once_all_get_a_whole_library(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setattr(products, "FLAGS", ("-std=c++20", "-shared", "-fPIC"))
    monkeypatch.setattr(products, "SOURCE", tmp_path / "small.cpp")
    products.SOURCE.write_text("int answer() { return 42; }\n", encoding="utf-8")
    built: list[Path] = []
    threads = [
        threading.Thread(target=lambda: built.append(products.build(tmp_path / "new"))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(built)) == 1
    assert list((tmp_path / "new").iterdir()) == [built[0]]
    before = built[0].stat().st_mtime_ns
    assert products.build(tmp_path / "new").stat().st_mtime_ns == before
