"""Fixtures of the report's tests: a report of a small grid with planted effects, written once."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from report_records import QUICK, controls, draws, grid, histograms, mixtures, planted

from gans.config import run_id
from reports.build import judged_claims, write_results
from reports.findings import Evidence
from reports.frame import Frames, Results, frames
from reports.languages import CHINESE

RATIOS = (0.125, 1.0, 4.0)


@pytest.fixture(scope="session")
def standard_frames() -> Frames:
    """A grid like the standard profile's, cut down: main grid, controls, mixtures; weak critics fail."""
    configs = [
        *grid(ratios=RATIOS, scales=(1.0, 5.0), sizes=(64, 1100)),
        *controls(ratios=RATIOS),
        *mixtures(),
    ]
    unique = {run_id(item): item for item in configs}
    return frames(draws(unique.values(), planted, undecided=0.05, probes=2))


@pytest.fixture(scope="session")
def standard_evidence(standard_frames: Frames) -> Evidence:
    return Evidence(standard_frames, QUICK)


@pytest.fixture(scope="session")
def standard_findings(standard_evidence: Evidence):
    return {item.key: item for item in judged_claims(standard_evidence)}


@pytest.fixture(scope="session")
def standard_report(standard_frames: Frames, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder ``report`` of the standard frames in both languages, with pictures of every second run."""
    folder = tmp_path_factory.mktemp("standard")
    picture, said = Image.fromarray(np.arange(64 * 64, dtype=np.uint8).reshape(64, 64)), PngInfo()
    said.add_text("steps", "63 1250 2500")
    places = [folder / "artifacts" / name for name in standard_frames.runs["run_id"][::2]]
    for place in places:
        place.mkdir(parents=True)
        picture.save(place / "samples.png")
        picture.save(place / "film.png", pnginfo=said)
    picture.save(folder / "artifacts" / "real-digits.png")
    results = Results(
        standard_frames, folder, "standard", {"main": 240}, {"main": 2}, 0, {"machine": {"cores": 2}},
        histograms=histograms(standard_frames.runs),
    )  # fmt: skip
    return write_results(results, folder / "report", QUICK, CHINESE).parent
