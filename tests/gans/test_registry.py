"""The registry: names, nearest spellings, and users' own entries by import path."""

import re
import sys

import pytest

from gans.registry import Registry


def _colors() -> Registry[int]:
    colors: Registry[int] = Registry(
        "color", accepts=lambda entry: isinstance(entry, int), wanted="an integer"
    )
    colors.add("wgan-gp", 1)
    colors.add("nsgan", 2)
    return colors


@pytest.fixture
def user_folder(tmp_path, monkeypatch):
    """A current folder for a user's own modules, which leaves nothing imported behind."""
    before = set(sys.modules)
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    for name in set(sys.modules) - before:
        del sys.modules[name]


def test_a_registered_name_gives_its_entry():
    colors = _colors()

    assert (colors.get("wgan-gp"), colors.resolve("wgan-gp")) == (1, 1)


def test_names_keep_the_order_of_registration():
    colors = _colors()

    assert colors.names() == tuple(colors) == ("wgan-gp", "nsgan")
    assert len(colors) == 2
    assert "nsgan" in colors
    assert "mmgan" not in colors


def test_a_misspelled_name_is_answered_with_the_nearest_one_and_all_choices_sorted():
    with pytest.raises(ValueError, match="known color") as caught:
        _colors().get("wgangp")

    told = "color: must be a known color, got 'wgangp'; did you mean 'wgan-gp'? (nsgan, wgan-gp)"
    assert str(caught.value) == told


def test_a_name_like_no_other_gets_the_choices_without_a_guess():
    with pytest.raises(ValueError, match=re.escape("got 'zzzz'; choose one of (nsgan, wgan-gp)")):
        _colors().resolve("zzzz")


def test_a_name_in_capitals_is_recognised_as_a_misspelling():
    with pytest.raises(ValueError, match="did you mean 'nsgan'"):
        _colors().get("NSGAN")


def test_a_second_registration_under_one_name_is_an_error():
    colors = _colors()

    with pytest.raises(ValueError, match="color: 'nsgan' must be registered once"):
        colors.add("nsgan", 3)
    assert colors.get("nsgan") == 2


@pytest.mark.parametrize("name", ["", "module:object"])
def test_a_name_that_could_not_be_asked_for_cannot_be_registered(name):
    with pytest.raises(ValueError, match="a name must be non-empty and without ':'"):
        _colors().add(name, 3)


def test_an_import_path_gives_the_object_even_inside_another(user_folder):
    (user_folder / "own_colors.py").write_text("red = 7\nclass Dark:\n    blue = 8\n")

    assert (_colors().resolve("own_colors:red"), _colors().resolve("own_colors:Dark.blue")) == (7, 8)


def test_the_search_path_is_left_as_it_was(user_folder):
    (user_folder / "own_colors.py").write_text("red = 7\n")
    before = list(sys.path)

    _colors().resolve("own_colors:red")

    assert sys.path == before


def test_an_import_path_is_not_a_registered_name():
    with pytest.raises(ValueError, match="must be a known color"):
        _colors().get("math:pi")


@pytest.mark.parametrize(
    "path, message",
    [
        ("no_such_module:red", "module 'no_such_module' must be importable, got no such module; install it"),
        ("no_such.inner:red", "module 'no_such.inner' must be importable, got no such module"),
        ("own_colors:read", "module 'own_colors' must define 'read', got no such name; did you mean 'red'?"),
        ("own_colors:zzz", "must define 'zzz', got no such name; check its spelling"),
        ("own_colors:", "an import path must read 'module:object', got 'own_colors:'"),
        (":red", "an import path must read 'module:object', got ':red'"),
        ("own colors:red", "an import path must read 'module:object'"),
        ("../own_colors:red", "an import path must read 'module:object'"),
        ("own_colors:name", "'own_colors:name' must be an integer, got str"),
        ("broken:red", "module 'broken' must be importable, got RuntimeError: two lines; make it import"),
        ("unparsable:red", "module 'unparsable' must be importable, got SyntaxError"),
        ("needy:red", "module 'needy' must be importable, got ModuleNotFoundError: No module named 'absent'"),
    ],
)
def test_what_cannot_be_imported_is_told_in_one_line(user_folder, path, message):
    (user_folder / "own_colors.py").write_text("red = 7\nname = 'red'\n")
    (user_folder / "broken.py").write_text("raise RuntimeError('two lines\\nof text')\n")
    (user_folder / "unparsable.py").write_text("red = = 7\n")
    (user_folder / "needy.py").write_text("import absent\n")

    with pytest.raises(ValueError, match=re.escape(message)) as caught:
        _colors().resolve(path)

    assert "\n" not in str(caught.value)
