"""Profiles: every fault told in one line, all at once; what is right reads back as it was written."""

from __future__ import annotations

import pytest

from bench.profile import ProfileError, check_profile, profile_names, read_profile, to_toml
from bench.profile.read import parse_override

GRID = {"name": "g", "dataset": "digits", "recipe": ["nsgan", "wgan-gp"]}


def faults(grid=None, top=None, without=(), **checking):
    given = {key: value for key, value in (GRID | (grid or {})).items() if key not in without}
    raw = {"name": "p", "grid": [given]} | (top or {})
    with pytest.raises(ProfileError) as caught:
        check_profile(raw, "p.toml", **checking)
    return caught.value.lines


FAULTS = [
    (
        {"recipe": ["nsgan", "hinge", "wgangp"]},
        ".recipe[2] must be a known recipe, got 'wgangp'; did you mean 'wgan-gp'? "
        "(hinge, lsgan, mmgan, nsgan, nsgan-r1, rpgan-r1r2, sngan, wgan, wgan-gp)",
    ),
    (
        {"dataset": "digit"},
        ".dataset must be a known dataset, got 'digit'; did you mean 'digits'? "
        "(cifar10, digits, dirac, fashion-mnist, fashion-mnist32, folder, grid25, mnist, mnist32, ring8, "
        "stacked-mnist, stacked-mnist32)",
    ),
    ({"n_critic": 0}, ".n_critic must be an integer >= 1, got 0; use 1 for alternating updates"),
    (
        {"generator_width": [32, -4]},
        ".generator_width[1] must be an integer from 1 to 16384, got -4; it counts units per hidden layer",
    ),
    ({"seeds": True}, ".seeds must be an integer >= 1, got true; it is how many seeds each cell gets"),
    ({"batch_size": "64"}, ".batch_size must be an integer >= 1, got '64'; 64 is usual"),
    ({"lr": 0}, ".lr must be a learning rate > 0, got 0; 2e-4 is usual"),
    ({"lr": [1e-3, float("nan")]}, ".lr[1] must be a learning rate > 0, got NaN; 2e-4 is usual"),
    (
        {"latent_dim": []},
        ".latent_dim must hold at least one value, got an empty list; give a value or leave the key out",
    ),
    (
        {"capacity_ratio": [1, 2, 1.0]},
        ".capacity_ratio must hold each value once, got 1.0 twice; drop one of them",
    ),
    (
        {"data_size": [64, 2000]},
        ".data_size[1] must be at most 1100, the size of 'digits', got 2000; leave it out for all",
    ),
    (
        {"update_order": "simultanous"},
        ".update_order must be one of discriminator-first, generator-first, simultaneous, "
        "got 'simultanous'; did you mean 'simultaneous'?",
    ),
    ({"lr": 1e-3, "lr_scale": 1}, " must have lr or lr_scale, got both; drop one of them"),
    (
        {"capacity_ratio": 1, "discriminator_width": 4},
        " must have capacity_ratio or discriminator_width, got both; drop one of them",
    ),
    (
        {"steps": 10, "evaluations": 20},
        ".evaluations must be at most 10, the number of steps, got 20; evaluate less often",
    ),
    ({"compile": "auto"}, " must have only known keys, got 'compile'; move it to the top of the profile"),
    ({"optimizer": "sgd"}, ".lr must be given with optimizer 'sgd', got nothing; add lr = 1e-3"),
    (
        {"recipe": "no_such_module:thing"},
        ".recipe module 'no_such_module' must be importable, got no such module; "
        "install it or run from the folder that holds it",
    ),
    (
        {"network": {"a": 1}},
        '.network must be a name in quotes, got {"a": 1}; see ganbench list networks',
    ),
    (
        {"name": "../up"},
        ".name must be a word of letters, digits, '.', '_' and '-', got '../up'; shorten or respell it",
    ),
    (
        {"regularizer_weight": -1},
        ".regularizer_weight must be a number >= 0, got -1; leave it out for the recipe's own",
    ),
    (
        {"generator_norm": ["own", "bacth"]},
        ".generator_norm[1] must be one of own, none, batch, layer, got 'bacth'; did you mean 'batch'?",
    ),
    (
        {"discriminator_norm": "instance"},
        ".discriminator_norm must be one of own, none, batch, layer, got 'instance'; "
        "own is what the network's authors did",
    ),
    (
        {"autocast": "bf16"},
        ".autocast must be one of none, bfloat16, got 'bf16'; did you mean 'bfloat16'?",
    ),
    (
        {"defect": 0.2},
        ".defect must be 'none' or a name and its strength in quotes, got 0.2; as in \"noise:0.2\"",
    ),
    (
        {"augmentation": 1},
        '.augmentation must be a name in quotes, got 1; "none" leaves what the discriminator sees as it is',
    ),
    ({"beta1": 1.0}, ".beta1 must be a number in [0, 1), got 1.0; leave it out for the optimizer's own"),
]


@pytest.mark.parametrize("grid, rest", FAULTS, ids=[",".join(grid) for grid, _ in FAULTS])
def test_one_fault_is_one_line_that_names_place_value_and_remedy(grid, rest):
    assert faults(grid) == (f"p.toml: grid[0]{rest}",)


@pytest.mark.parametrize("key, slip", [("defect", "nosie:0.2"), ("augmentation", "difaugment")])
def test_an_unknown_defect_or_augmentation_is_one_line(key, slip):
    (line,) = faults({key: slip})

    assert line.startswith(f"p.toml: grid[0].{key} must be ")
    assert f"got '{slip}'" in line


def test_an_unknown_key_comes_with_the_nearest_and_all_known_ones():
    (line,) = faults({"recpie": 1})

    assert line.startswith(
        "p.toml: grid[0] must have only known keys, got 'recpie'; did you mean 'recipe'? (augmentation, "
    )


def test_a_missing_key_says_what_to_give():
    assert faults(without=("recipe",)) == (
        "p.toml: grid[0].recipe must be given, got nothing; see ganbench list recipes",
    )


def test_all_faults_are_told_at_once():
    lines = faults({"seeds": 0, "lr": -1, "lr_scale": 2, "dataset": "digit", "recpie": 1, "batch_size": []})

    assert len(lines) == 6
    assert all("\n" not in line for line in lines)


@pytest.mark.parametrize(
    "top, start",
    [
        ({"name": "a/b"}, "p.toml: name must be a word of letters"),
        ({"compile": "maybe"}, "p.toml: compile must be one of auto, always, never, got 'maybe'"),
        ({"grid": []}, "p.toml: grid must hold at least one value, got an empty list"),
        ({"grid": 3}, "p.toml: grid must be one or more [[grid]] tables, got 3"),
        (
            {"seeds": 3},
            "p.toml: the profile must have only known keys, got 'seeds'; move it below a [[grid]]",
        ),
        ({"grid": [GRID, GRID]}, "p.toml: grid[1].name must be unique, got 'g' twice"),
    ],
)
def test_faults_at_the_top_are_told(top, start):
    (line,) = faults(top=top)

    assert line.startswith(start)


def test_a_fault_of_the_command_line_is_told_of_it(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(
        'name = "p"\n[[grid]]\nname = "g"\ndataset = "digits"\nrecipe = "nsgan"\nlr_scale = 1.0\n'
    )
    for overrides, line in (
        (["lr=1e-3,-1"], "--set: lr[1] must be a learning rate > 0, got -1; 2e-4 is usual"),
        (["lr"], "--set: must read key=value or key=value,value, got 'lr'; as in lr=1e-3,2e-3"),
        (["h.lr=1e-3"], "--set: must name a grid of the profile, got 'h'; choose one of (g)"),
    ):
        with pytest.raises(ProfileError) as caught:
            read_profile(str(path), overrides)
        assert caught.value.lines == (line,)
    with pytest.raises(ProfileError, match="--seeds: must be an integer >= 1, got -2"):
        read_profile(str(path), (), seeds=-2)
    with pytest.raises(ProfileError, match="--set: must name a known key, got 'lrr'; did you mean 'lr'"):
        read_profile(str(path), ["lrr=1"])


def test_an_override_replaces_its_rivals_and_leaves_the_other_grids(tmp_path):
    path = tmp_path / "mine.toml"
    grid = '[[grid]]\nname = "{}"\ndataset = "digits"\nrecipe = "nsgan"\nlr_scale = [1.0, 3.0]\n'
    path.write_text('name = "p"\n' + grid.format("a") + grid.format("b"))
    both = read_profile(str(path), ["lr=1e-3,2e-3"], seeds=7)
    one = read_profile(str(path), ["b.lr=1e-3"])

    assert [(grid.lr, grid.lr_scale, grid.seeds) for grid in both.grid] == [((1e-3, 2e-3), None, 7)] * 2
    assert [(grid.lr, grid.lr_scale) for grid in one.grid] == [(None, (1.0, 3.0)), ((1e-3,), None)]


def test_values_on_the_command_line_are_numbers_where_they_can_be():
    assert parse_override("generator_width=16, 32").values == (16, 32)
    assert parse_override("lr=1e-3").values == (0.001,)
    assert parse_override("recipe=nsgan,'wgan-gp'").values == ("nsgan", "wgan-gp")


@pytest.mark.parametrize(
    "content, line",
    [
        (b'name = "p"\nname: x\n', "bad.toml: must be valid TOML, got at line 2, column 5"),
        (b"a = [", "bad.toml: must be valid TOML, got at end of document"),
        (b"\xff\xfe", "bad.toml: must be a readable file, got: not UTF-8 text"),
        (b"x" * 1_000_001, "bad.toml: must be at most 1 MB"),
    ],
)
def test_a_file_that_is_no_profile_is_told_with_its_place(tmp_path, monkeypatch, content, line):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.toml").write_bytes(content)
    with pytest.raises(ProfileError) as caught:
        read_profile("bad.toml")

    assert caught.value.lines[0].startswith(line)


def test_an_unknown_profile_comes_with_the_nearest_known_one():
    with pytest.raises(ProfileError, match="got 'smokey'; did you mean 'smoke'"):
        read_profile("smokey")
    with pytest.raises(ProfileError, match="must be a readable file, got: No such file"):
        read_profile("./smoke.toml")


@pytest.mark.parametrize("name", profile_names())
def test_a_profile_of_the_package_is_valid_named_as_its_file_and_survives_being_written(name, tmp_path):
    profile = read_profile(name)
    path = tmp_path / "again.toml"
    path.write_text(to_toml(profile))

    assert profile.name == name
    assert profile.description
    assert read_profile(str(path)) == profile


def test_odd_text_survives_being_written(tmp_path):
    text = 'quote " back \\ tab \t line \n é \x7f 漢'
    profile = check_profile({"name": "p", "description": text, "grid": [GRID]}, "p.toml")
    path = tmp_path / "again.toml"
    path.write_text(to_toml(profile), encoding="utf-8")

    assert read_profile(str(path)).description == text


def test_cells_are_counted_without_building_them():
    grid = GRID | {
        "lr": [i * 1e-6 for i in range(1, 1001)],
        "generator_width": list(range(1, 1001)),
        "seeds": 3,
    }
    profile = check_profile({"name": "p", "grid": [grid]}, "p.toml")

    assert profile.runs == 2 * 1000 * 1000 * 3


def test_a_users_module_is_checked_where_it_is_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine_of_profile.py").write_text("def broken():\n    raise OSError('no disk')\nthing = 3\n")
    grid = {"dataset": ["digits", "mine_of_profile:broken"], "recipe": "mine_of_profile:thing"}

    assert faults(grid) == (
        "p.toml: grid[0].recipe 'mine_of_profile:thing' must be a gans.recipes.Recipe, got int; "
        "name another object of that module",
        "p.toml: grid[0].dataset[1] must return a gans.data.Dataset, got OSError: no disk; "
        "call it without arguments to see where",
    )
