"""Planted samplers do what they say."""

import pytest
import torch

from bench.detectors import samplers as plant
from gans.data import load


def draw(sampler, name="digits", t=0, seed=0, data_size=None):
    scene = plant.scene_of(load(name), data_size, seed)
    return scene, sampler(scene, torch.Generator().manual_seed(seed), t)


def labels_of(scene, drawn):
    """Label of each sample that is a training sample; -1 of others."""
    distances = torch.cdist(drawn.flatten(1), scene.data.train.flatten(1))
    nearest = distances.argmin(dim=1)
    return torch.where(distances.amin(dim=1) < 1e-3, scene.data.train_labels[nearest], -1)


SAMPLERS = {
    "perfect": plant.perfect,
    "copies": plant.copies,
    "untrained": plant.untrained,
    "dropped": plant.dropped(3),
    "uneven": plant.uneven(5.0),
    "memorised": plant.memorised(5),
    "one per class": plant.one_per_class,
    "mostly one": plant.mostly_one(3.0),
    "noisy": plant.noisy(0.5),
    "uniform noise": plant.uniform_noise,
    "uniform among": plant.uniform_among(1.0),
    "scaled": plant.scaled(0.5),
    "faded": plant.faded(0.5),
    "rotating": plant.rotating(2),
    "shifted": plant.shifted(0.5, 2.6),
    "swaying": plant.swaying(0.2, 0.5, 5.0),
    "growing": plant.growing(1.5),
    "along": plant.along([0.5, 0.1]),
}


@pytest.mark.parametrize("name", SAMPLERS)
@pytest.mark.parametrize("dataset", ["digits", "ring8"])
def test_a_sampler_draws_one_evaluation_and_repeats_it_with_its_seed_only(name, dataset):
    scene, first = draw(SAMPLERS[name], dataset, t=1)
    _, again = draw(SAMPLERS[name], dataset, t=1)
    _, other = draw(SAMPLERS[name], dataset, t=1, seed=1)

    assert first.shape == (scene.n, *scene.data.sample_shape)
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_dropped_classes_are_never_made_and_all_others_are():
    scene, drawn = draw(plant.dropped(3))

    assert set(labels_of(scene, drawn).tolist()) == set(range(7))


def test_uneven_classes_are_made_in_the_planted_ratio():
    scene, drawn = draw(plant.uneven(4.0))
    labels = labels_of(scene, drawn)

    assert int((labels % 2 == 0).sum()) / int((labels % 2 == 1).sum()) == pytest.approx(4.0, rel=0.25)


def test_memorised_samples_are_the_same_few_at_every_evaluation():
    scene = plant.scene_of(load("digits"))
    random = torch.Generator().manual_seed(0)
    early, late = plant.memorised(5)(scene, random, 0), plant.memorised(5)(scene, random, 9)

    assert len(torch.unique(torch.cat([early, late]), dim=0)) == 5


def test_fresh_images_are_none_that_the_run_may_see():
    scene, drawn = draw(plant.fresh, data_size=550)

    assert torch.cdist(drawn.flatten(1), scene.data.train[scene.own].flatten(1)).min() > 0.1


def test_copies_are_all_images_that_the_run_may_see():
    scene, drawn = draw(plant.copies, data_size=64)

    assert torch.cdist(drawn.flatten(1), scene.data.train[scene.own].flatten(1)).amin(dim=1).max() < 1e-3


def test_copying_plants_its_share_of_training_samples():
    scene, drawn = draw(plant.copying(0.25, jitter=0.0), data_size=550)
    nearest = torch.cdist(drawn.flatten(1), scene.data.train[scene.own].flatten(1)).amin(dim=1)

    assert int((nearest < 1e-3).sum()) == round(0.25 * scene.n)


def test_one_sample_is_made_at_its_odds_and_not_only_first():
    scene, drawn = draw(plant.mostly_one(3.0))
    same = (drawn == scene.data.train[0]).flatten(1).all(dim=1)

    assert int(same.sum()) >= round(0.75 * scene.n)
    assert not bool(same[:100].all())


def test_narrow_modes_are_as_narrow_as_planted():
    scene, drawn = draw(plant.narrow(0.1), "ring8")
    centers = scene.data.mode_centers
    away = drawn - centers[torch.cdist(drawn, centers).argmin(dim=1)]

    assert float(away.std()) == pytest.approx(0.1 * scene.data.mode_sd, rel=0.05)


def test_narrow_needs_modes():
    with pytest.raises(ValueError, match="narrow: digits must be a mixture"):
        draw(plant.narrow(0.1), "digits")


def test_a_rotation_holds_few_classes_and_visits_all_at_its_period():
    held = [set(labels_of(*draw(plant.rotating(2, period=2), t=t)).tolist()) for t in range(10)]

    assert held[0] == held[1] == {0, 1}
    assert held[2] == {2, 3}
    assert set().union(*held) == set(range(10))


def test_a_rotation_visits_no_more_than_it_should():
    held = [set(labels_of(*draw(plant.rotating(2, 5), t=t)).tolist()) for t in range(10)]

    assert set().union(*held) == set(range(5))


def test_not_a_number_comes_in_the_planted_rows_from_its_evaluation_on():
    assert torch.isfinite(draw(plant.broken(3, at=2), t=1)[1]).all()

    broken = draw(plant.broken(3, at=2), t=2)[1]

    assert int(torch.isnan(broken).flatten(1).all(dim=1).sum()) == 3


def test_growth_multiplies():
    first, third = (draw(plant.growing(2.0), t=t)[1] for t in (0, 2))

    assert torch.allclose(third, 4 * first)


def test_noise_follows_its_path_and_stays_at_the_end():
    clean, *noisy = (draw(plant.along([0.0, 1.0, 0.5]), t=t)[1] for t in (0, 1, 2, 7))

    assert [round(float((each - clean).std()), 1) for each in noisy] == [1.0, 0.5, 0.5]
