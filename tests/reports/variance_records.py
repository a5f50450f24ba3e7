"""Records and tables that tests of the split of variance share."""

import itertools

import numpy as np
import pandas as pd
from report_records import record

from reports.frame import Results, frames


def results(records, **more):
    return Results(frames(records), **more)


def judged(records, dataset="digits"):
    runs = frames(records).judged
    return runs[runs["dataset"] == dataset]


def scored(configs, score):
    return [record(item, "converged", float(np.clip(score(item), 0, 1))) for item in configs]


def long(values):
    places = list(itertools.product(*map(range, values.shape)))
    names = [*("abc"[: values.ndim - 1]), "seed"]
    return pd.DataFrame(places, columns=names).assign(y=values.ravel())


def planted_scores(item):
    ratio, size = item.discriminator_width / item.generator_width, item.data_size
    rng = np.random.default_rng([item.seed, int(8 * ratio), size, len(item.recipe)])
    return 0.5 + 0.2 * (ratio - 2.5) / 1.5 + 0.05 * rng.normal()
