import csv
import io
import json
import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from report_records import config, record

from bench.records.columns import EVALUATION_COLUMNS, RUN_COLUMNS
from reports import schema
from reports.files import csv_of, frame_csv, harmless, write
from reports.frame import Frames, frames
from reports.summary import KEYS
from reports.tables import CONTRAST_COLUMNS, FILES, FINDING_COLUMNS


def read(path):
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def test_every_file_has_exactly_the_columns_it_is_documented_with(standard_report):
    for name, (_, columns) in FILES.items():
        header = (standard_report / name).read_text(encoding="utf-8").splitlines()[0]
        assert header.split(",") == list(columns)


def test_every_run_and_every_probe_is_there_once(standard_report, standard_frames: Frames):
    runs, probes = read(standard_report / "runs.csv"), read(standard_report / "evaluations.csv")

    assert [row["run_id"] for row in runs] == standard_frames.runs["run_id"].tolist()
    assert len({(row["run_id"], row["step"]) for row in probes}) == len(standard_frames.evaluations) > 0


def test_a_contrast_of_the_file_is_the_contrast_of_the_finding(standard_report, standard_findings):
    weak = standard_findings["capacity"].decisive[0]
    rows = read(standard_report / "contrasts.csv")
    found = next(row for row in rows if row["contrast"] == weak.name and row["group"] == weak.group)

    assert float(found["difference"]) == weak.failure.difference.estimate
    assert (found["decisive"], found["measure"], found["pairs"]) == (
        "1",
        "failure rate",
        str(weak.failure.pairs),
    )


def test_causes_and_remedies_are_apart(standard_report):
    keys = {
        name: [row["key"] for row in read(standard_report / name)] for name in ("causes.csv", "remedies.csv")
    }

    assert keys == {"causes.csv": ["capacity", "loss", "data"], "remedies.csv": ["wasserstein", "tuning"]}


def test_the_summary_is_strict_json_with_the_documented_keys(standard_report):
    def refuse(word):
        raise AssertionError(word)

    content = json.loads((standard_report / "summary.json").read_text(), parse_constant=refuse)

    assert list(content) == list(KEYS)
    assert (
        content["failure"]["failed"] + content["failure"]["stable"] + content["failure"]["undecided"]
        == content["judged"]
    )
    assert {item["key"]: item["verdict"] for item in content["findings"]}["capacity"] == "supported in part"


def test_the_schema_document_is_up_to_date():
    assert schema.PATH.read_text(encoding="utf-8") == schema.markdown(), "run python -m reports.schema"


def test_the_schema_document_names_every_column():
    text = schema.markdown()

    for columns in (RUN_COLUMNS, EVALUATION_COLUMNS, FINDING_COLUMNS, CONTRAST_COLUMNS):
        assert all(f"| `{name}` |" in text for name in columns)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_text_is_no_formula(start):
    found = frames(
        [record(config(dataset=f"{start}cmd|' /C calc'!A0"), error=f"{start}1+1", outcome="converged")]
    )

    rows = list(csv.DictReader(io.StringIO(frame_csv(found.runs, list(RUN_COLUMNS)), newline="")))

    assert rows[0]["dataset"] == f"'{start}cmd|' /C calc'!A0".replace("\r", "\n")
    assert rows[0]["error"].startswith("'")
    assert csv_of(["x"], [[f"{start}1"]]).splitlines()[1].lstrip('"').startswith("'")


def test_numbers_are_not_taken_for_formulas():
    assert frame_csv(frames([record(config(), metrics={"kid": -0.25})]).runs, ["kid"]).split() == [
        "kid",
        "-0.25",
    ]


def test_numbers_survive_to_the_last_bit_and_gaps_stay_gaps():
    values = [0.1 + 0.2, math.nan, math.inf, -3.0, 1e-300]
    records = [replace(record(config(seed=i)), metrics={"fid": value}) for i, value in enumerate(values)]

    text = frame_csv(frames(records).runs.sort_values("seed"), ["fid"])

    assert text.split("\n")[1:-1] == ["0.30000000000000004", '""', "inf", "-3", "1e-300"]


def test_a_harmless_word_is_left_alone():
    assert harmless("wgan-gp") == "wgan-gp"


def test_writing_leaves_no_temporary_file(tmp_path):
    write(tmp_path / "a" / "b.txt", "one")
    write(tmp_path / "a" / "b.txt", "two")

    assert [path.name for path in (tmp_path / "a").iterdir()] == ["b.txt"]
    assert (tmp_path / "a" / "b.txt").read_text() == "two"


def test_a_file_in_portions_is_the_file_at_once(tmp_path):
    write(tmp_path / "parts.csv", iter(["a,b\n", "ä,1\n"]))
    write(tmp_path / "whole.csv", "a,b\nä,1\n")

    assert (tmp_path / "parts.csv").read_bytes() == (tmp_path / "whole.csv").read_bytes()


def test_a_portion_that_fails_leaves_the_old_file(tmp_path):
    def broken():
        yield "a,b\n"
        raise ValueError("no more")

    write(tmp_path / "a.csv", "old")
    with pytest.raises(ValueError, match="no more"):
        write(tmp_path / "a.csv", broken())

    assert (tmp_path / "a.csv").read_text() == "old"


def test_a_frame_is_spelled_as_its_rows_are(monkeypatch):
    odd = ["plain", 'say "hi"', "a,b", "two\nlines", "=1+1", "", "back\rspace"]
    numbers = [1.0, 0.1, math.nan, -0.0, math.inf, 1e300, 2.5]
    table = pd.DataFrame({"text": odd, "number": numbers, "flag": [True, False] * 3 + [True]})
    rows = list(zip(odd, numbers, table["flag"].map(str), strict=True))

    monkeypatch.setattr("reports.files._ROWS", 3)  # so that portions end within the table

    assert frame_csv(table, list(table)) == csv_of(list(table), rows)
    assert frame_csv(table, ["text"]) == csv_of(["text"], [[value] for value in odd])


@given(st.lists(st.floats(), min_size=1))
@example([1e-4, 9.99e-5, 1e15, 1e16, -1e-7, -0.0, 123456789012345680.0, 5e-324])
def test_any_number_of_a_frame_is_spelled_as_python_spells_it(numbers):
    table = pd.DataFrame({"seed": range(len(numbers)), "number": np.array(numbers)})

    assert frame_csv(table, list(table)) == csv_of(list(table), enumerate(numbers))
