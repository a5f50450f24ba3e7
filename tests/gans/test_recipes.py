"""Recipes: the papers' numbers, names that resolve, and controls that differ in one thing only."""

import math
import subprocess
import sys
from dataclasses import asdict, fields, replace

import pytest

from gans.config import RunConfig
from gans.losses import LOSSES
from gans.optim import OPTIMIZERS
from gans.recipes import RECIPES, UPDATE_ORDERS, Recipe
from gans.regularizers import REGULARIZERS

ALL = [RECIPES.get(name) for name in RECIPES]
every_recipe = pytest.mark.parametrize("recipe", ALL, ids=lambda recipe: recipe.name)


def _differences(one: Recipe, other: Recipe) -> set[str]:
    first, second = asdict(one), asdict(other)
    return {field for field in first if first[field] != second[field]} - {"name", "source", "note"}


@pytest.mark.parametrize(
    "name, loss, regularizer, weight, optimizer, betas, lr, n_critic",
    [
        ("mmgan", "minimax", "none", 0.0, "adam", (0.5, 0.999), 2e-4, 1),
        ("nsgan", "non_saturating", "none", 0.0, "adam", (0.5, 0.999), 2e-4, 1),
        ("wgan", "wasserstein", "clip", 0.01, "rmsprop", (0.0, 0.99), 5e-5, 5),
        ("wgan-gp", "wasserstein", "gradient_penalty", 10.0, "adam", (0.0, 0.9), 1e-4, 5),
        ("lsgan", "least_squares", "none", 0.0, "adam", (0.5, 0.999), 2e-4, 1),
        ("hinge", "hinge", "none", 0.0, "adam", (0.0, 0.9), 2e-4, 5),
        ("sngan", "hinge", "spectral", 1.0, "adam", (0.0, 0.9), 2e-4, 5),
        ("nsgan-r1", "non_saturating", "r1", 10.0, "adam", (0.5, 0.999), 2e-4, 1),
        ("rpgan-r1r2", "relativistic", "r1r2", 1.0, "adam", (0.0, 0.99), 2e-4, 1),
    ],
)
def test_each_recipe_has_the_numbers_of_its_paper(
    name, loss, regularizer, weight, optimizer, betas, lr, n_critic
):
    recipe = RECIPES.get(name)

    assert (recipe.loss, recipe.regularizer, recipe.regularizer_weight) == (loss, regularizer, weight)
    assert (recipe.optimizer, (recipe.beta1, recipe.beta2), recipe.n_critic) == (optimizer, betas, n_critic)
    assert (recipe.generator_lr, recipe.discriminator_lr) == (lr, lr)


@every_recipe
def test_every_name_in_a_recipe_is_registered(recipe):
    assert recipe.name == next(name for name in RECIPES if RECIPES.get(name) is recipe)
    assert recipe.loss in LOSSES
    assert recipe.regularizer in REGULARIZERS
    assert recipe.optimizer in OPTIMIZERS


@every_recipe
def test_every_recipe_cites_its_source_with_a_year(recipe):
    assert any(str(year) in recipe.source for year in range(2014, 2027))


@every_recipe
def test_the_discriminator_moves_first_unless_a_run_says_otherwise(recipe):
    assert recipe.update_order == "discriminator-first" == UPDATE_ORDERS[0]


@every_recipe
def test_the_weight_is_the_default_of_its_regularizer(recipe):
    assert recipe.regularizer_weight == REGULARIZERS.get(recipe.regularizer).default_weight


@every_recipe
def test_wasserstein_recipes_are_the_ones_with_a_constraint_on_the_slope(recipe):
    entry = REGULARIZERS.get(recipe.regularizer)

    constrained = entry.constrain is not None or recipe.regularizer == "gradient_penalty"
    assert constrained == (recipe.loss == "wasserstein")


def test_mmgan_differs_from_nsgan_in_its_loss_alone():
    assert _differences(RECIPES.get("mmgan"), RECIPES.get("nsgan")) == {"loss"}


def test_nsgan_r1_differs_from_nsgan_in_its_regularizer_alone():
    assert _differences(RECIPES.get("nsgan-r1"), RECIPES.get("nsgan")) == {
        "regularizer",
        "regularizer_weight",
    }


def test_a_run_config_takes_every_number_of_a_recipe_under_the_same_name():
    numbers = {field.name for field in fields(Recipe)} - {"name", "source", "note"}

    assert numbers <= {field.name for field in fields(RunConfig)}


@pytest.mark.parametrize(
    "changed, message",
    [
        ({"generator_lr": 0.0}, "recipe 'nsgan': generator_lr must be a finite rate > 0, got 0.0"),
        ({"discriminator_lr": math.nan}, "discriminator_lr must be a finite rate > 0, got nan"),
        ({"discriminator_lr": math.inf}, "discriminator_lr must be a finite rate > 0, got inf"),
        ({"beta1": 1.0}, r"beta1 must be in \[0, 1\), got 1.0"),
        ({"beta2": -0.1}, r"beta2 must be in \[0, 1\), got -0.1"),
        ({"regularizer_weight": -1.0}, "regularizer_weight must be finite and >= 0, got -1.0"),
        ({"n_critic": 0}, "n_critic must be an integer >= 1, got 0"),
        ({"n_critic": 2.5}, "n_critic must be an integer >= 1, got 2.5"),
        ({"update_order": "both"}, "update_order must be one of discriminator-first, generator-first, simul"),
    ],
)
def test_a_number_outside_its_range_is_refused(changed, message):
    with pytest.raises(ValueError, match=message):
        replace(RECIPES.get("nsgan"), **changed)


def test_a_users_own_recipe_is_found_by_its_import_path(tmp_path, monkeypatch):
    (tmp_path / "own_recipes.py").write_text(
        "from dataclasses import replace\n"
        "from gans.recipes import RECIPES\n"
        "slow = replace(RECIPES.get('nsgan'), name='slow', generator_lr=1e-5)\n"
        "wrong = {'name': 'slow'}\n"
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.delitem(sys.modules, "own_recipes", raising=False)

    assert RECIPES.resolve("own_recipes:slow").generator_lr == 1e-5
    with pytest.raises(
        ValueError, match=r"recipe: 'own_recipes:wrong' must be a gans.recipes.Recipe, got dict"
    ):
        RECIPES.resolve("own_recipes:wrong")


def test_recipes_are_listed_without_importing_torch():
    code = "import sys, gans.recipes; print(sorted({'torch', 'numpy', 'pandas'} & set(sys.modules)))"

    listed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert listed.stdout.strip() == "[]"
