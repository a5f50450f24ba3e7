"""Generators whose fault is known, made from real training digits: one function per row of the table."""

import torch

from gans.data import load

N = 697


def pick(pool, generator, n=N):
    """Draw from some images as a generator that had learned exactly those would."""
    return pool[torch.randint(len(pool), (n,), generator=generator)]


def real(images, labels, generator):
    return images[torch.randperm(len(images), generator=generator)[:N]]


def missing(count):
    """All classes but the last few."""

    def planted(images, labels, generator):
        return pick(images[labels < 10 - count], generator)

    return planted


def one_image_per_class(images, labels, generator):
    one_of_each = torch.stack([images[labels == digit][0] for digit in range(10)])
    return one_of_each[torch.arange(N) % 10]


def single_image(images, labels, generator):
    return images[:1].expand(N, *images.shape[1:])


def mean_image(images, labels, generator):
    return images.mean(dim=0, keepdim=True).expand(N, *images.shape[1:])


def noisy(sd):
    """Real images under noise of some standard deviation, in units of a range of 2."""

    def planted(images, labels, generator):
        drawn = pick(images, generator)
        return drawn + sd * torch.randn(drawn.shape, generator=generator)

    return planted


def uniform_noise(images, labels, generator):
    return 2 * torch.rand(N, *images.shape[1:], generator=generator) - 1


def memorised(count):
    """Nothing but a few training images."""

    def planted(images, labels, generator):
        return pick(images[torch.randperm(len(images), generator=generator)[:count]], generator)

    return planted


PLANTED = {
    "real": real,
    "1 class missing": missing(1),
    "3 classes missing": missing(3),
    "5 classes missing": missing(5),
    "8 classes missing": missing(8),
    "9 classes missing": missing(9),
    "one image per class": one_image_per_class,
    "single image": single_image,
    "mean image": mean_image,
    "noise 0.1": noisy(0.1),
    "noise 0.5": noisy(0.5),
    "uniform noise": uniform_noise,
    "50 memorised": memorised(50),
}


def draw(name, seed=0):
    """One draw of a planted generator: (697, 1, 8, 8)."""
    data = load("digits")
    return PLANTED[name](data.train, data.train_labels, torch.Generator().manual_seed(seed))
