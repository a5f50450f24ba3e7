"""Logs as people and programs leave them: what can be read is read, what cannot is named and not judged."""

from __future__ import annotations

import numpy as np
import pytest

from bench.monitor.diagnosis import NOT_JUDGED, diagnose
from bench.monitor.log import observe
from bench.monitor.telling import lines

ROWS = 60
FID = [round(300 * np.exp(-4 * min(1, 3 * row / ROWS)) + row % 3 / 9, 2) for row in range(ROWS)]
HEADER = "step,d_loss,g_loss,fid\n"


def table(step=str, fid=str, first=0, last=ROWS):
    return "".join(f"{step(row)},1.1,0.9,{fid(FID[row])}\n" for row in range(first, last))


PLAIN = HEADER + table()

SAME = {
    "byte order mark": "\ufeff" + PLAIN,
    "tabs": PLAIN.replace(",", "\t"),
    "bars": PLAIN.replace(",", "|"),
    "blanks": PLAIN.replace(",", " "),
    "carriage returns": PLAIN.replace("\n", "\r\n"),
    "decimal commas": PLAIN.replace(",", ";").replace(".", ","),
    "decimal commas in quotes": HEADER + "".join(
        f'{row},"1,1","0,9","{str(FID[row]).replace(".", ",")}"\n' for row in range(ROWS)
    ),
    "apostrophes around cells": HEADER + table(lambda row: f"'{row}'", lambda value: f"'{value}'"),
    "printed tensors": HEADER + table(fid=lambda value: f"\"tensor({value}, device='cuda:0')\""),
    "brackets": HEADER + table(fid=lambda value: f"[{value}]"),
    "trailing commas": HEADER + table().replace("\n", ",\n"),
    "a line for spreadsheets": "sep=,\n" + PLAIN,
    "a line for spreadsheets, semicolons": "sep=;\n" + PLAIN.replace(",", ";"),
    "comments above": "# my run, lr=1e-4\n# second\n" + PLAIN,
    "a comment inside": HEADER + table(last=30) + "# resumed\n" + table(first=30),
    "a commented header": "# " + PLAIN,
    "the header twice": HEADER + PLAIN,
    "the header before every row": "".join(HEADER + table(first=row, last=row + 1) for row in range(ROWS)),
    "a row of units": HEADER + "#,nats,nats,-\n" + table(),
    "other signs for digits": HEADER + table(
        lambda row: "".join(chr(0xFF10 + int(sign)) for sign in str(row))
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SAME)
def test_another_way_to_write_a_log_is_the_same_log(tmp_path, name):
    plain, other = tmp_path / "plain.csv", tmp_path / "other.csv"
    plain.write_text(PLAIN, encoding="utf-8")
    other.write_text(SAME[name], encoding="utf-8", newline="")

    assert observe(other).evaluations == observe(plain).evaluations


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1", "utf-8"])
def test_encodings_are_found_out(tmp_path, encoding):
    path = tmp_path / "log.csv"
    path.write_bytes(("größe," + PLAIN).encode(encoding))

    assert observe(path).unknown == ("größe",)


@pytest.mark.parametrize("sign", [",", " ", "'", "\u2009", "\u00a0", "_"])
def test_signs_between_thousands_are_no_part_of_a_number(tmp_path, sign):
    path = tmp_path / "log.csv"
    steps = [f"{1000 * row:,}".replace(",", sign) for row in range(ROWS)]
    path.write_text(HEADER + table(lambda row: f'"{steps[row]}"'), encoding="utf-8")

    assert [record.step for record in observe(path).evaluations] == [1000 * row for row in range(ROWS)]


def test_thousands_with_points_and_a_decimal_comma_are_read_as_in_europe(tmp_path):
    path = tmp_path / "log.csv"
    path.write_text("step;fid\n0;1.234,5\n1;1.000,5\n2;900,25\n3;800\n", encoding="utf-8")

    assert [record.values["distance"] for record in observe(path).evaluations] == [
        1234.5,
        1000.5,
        900.25,
        800,
    ]


def test_a_comma_that_may_be_either_is_no_number_and_named(tmp_path):
    path = tmp_path / "log.csv"
    path.write_text("step;fid\n0;1,234\n1;1,100\n2;1,050\n3;1,000\n", encoding="utf-8")

    found = diagnose(observe(path))

    assert found.outcomes == (NOT_JUDGED,)
    assert "a comma is a decimal sign or parts thousands" in "\n".join(lines(found))


RUNS = "".join(f"{seed},{row},{FID[row]}\n" for seed in range(3) for row in range(ROWS))
SIDE_BY_SIDE = "".join(f"{seed},{row},{FID[row] + seed}\n" for row in range(ROWS) for seed in range(3))
UNCLEAR = {
    "commas without quotes": (
        HEADER + table(step=str, fid=lambda value: str(value).replace(".", ",")),
        "most rows have more cells than the header has names",
    ),
    "runs in a column": ("seed,step,fid\n" + RUNS, "column 'seed' tells 3 runs apart"),
    "runs side by side": ("run_id,step,fid\n" + SIDE_BY_SIDE, "column 'run_id' tells 3 runs apart"),
    "nameless runs side by side": (
        "who,step,fid\n" + SIDE_BY_SIDE,
        "120 times one step holds several values of quality",
    ),
    "another header": (
        HEADER + table(last=30) + "step,fid\n" + "".join(f"{row},{FID[row]}\n" for row in range(30, ROWS)),
        "row 32 names columns anew",
    ),
    "a quote that is not closed": (
        HEADER + table(last=20) + '20,"1.1,0.9,5\n' + table(first=21),
        "a quote that is not closed swallows 39 lines",
    ),
}


@pytest.mark.parametrize("name", UNCLEAR)
def test_a_log_whose_rows_cannot_be_told_apart_is_not_judged_and_says_why(tmp_path, name):
    content, wanted = UNCLEAR[name]
    path = tmp_path / "log.csv"
    path.write_text(content, encoding="utf-8")

    found = diagnose(observe(path))

    assert (found.outcomes, found.confidence) == ((NOT_JUDGED,), "none")
    assert wanted in found.reason


TOLD = {
    "formulas": (HEADER + table(fid=lambda value: f"=A1+{value}"), "60 times 'fid' is no number there"),
    "errors of a spreadsheet": (HEADER + table(fid=lambda _: "#DIV/0!"), "60 times 'fid' is no number"),
    "beyond all floats": (HEADER + table(last=59) + "59,1e999,0.9,5\n", "'d_loss' is no number"),
    "ten thousand digits": (HEADER + table(last=59) + f"59,{'9' * 10_000},1,5\n", "'d_loss' is no number"),
    "NaN as compilers write it": (HEADER + table(fid=lambda _: "-nan(ind)"), "written as NaN or infinity"),
    "a distance below zero": (HEADER + table(fid=lambda _: "-1"), "60 times distance is zero or less"),
    "steps beyond whole floats": (HEADER + table(lambda row: 10**18 + row), "60 times the row has no usable"),
    "the same step in every row": (HEADER + table(lambda row: 5), "59 times the row repeats a step"),
    "the header again": (HEADER + table(last=30) + HEADER + table(first=30), "the header stands there again"),
    "one row": (HEADER + table(last=1), "fewer than two values"),
    "gaps": (HEADER + table(lambda row: row if row < 30 else row * 100), "missing before that row: row 32"),
}  # fmt: skip


@pytest.mark.parametrize("name", TOLD)
def test_what_cannot_be_used_is_told_with_its_rows(tmp_path, name):
    content, wanted = TOLD[name]
    path = tmp_path / "log.csv"
    path.write_text(content, encoding="utf-8")

    told = "\n".join(lines(diagnose(observe(path))))

    assert wanted in told
    assert "diverged" not in told.partition("mechanisms:")[0]


def test_names_of_ten_thousand_letters_and_five_thousand_columns_stay_readable(tmp_path):
    path = tmp_path / "log.csv"
    names = ["step", "fid", "x" * 10_000, *(f"column{place}" for place in range(5000))]
    path.write_text(",".join(names) + "\n" + ",".join("1" * len(names)) + "\n", encoding="utf-8")

    told = list(lines(diagnose(observe(path))))

    assert max(map(len, told)) < 1000
    assert any("4,961 others" in line for line in told)


def test_a_long_name_can_still_be_chosen(tmp_path):
    path = tmp_path / "log.csv"
    path.write_text(PLAIN.replace("fid", "x" * 10_000), encoding="utf-8")

    assert observe(path, ["distance=" + "x" * 10_000]).mapping["x" * 59 + "\u2026"] == "distance"


def test_rows_of_one_step_that_fill_each_others_blanks_cost_no_confidence(tmp_path):
    path = tmp_path / "log.csv"
    rows = "".join(f"{row},1.1,\n{row},,{FID[row]}\n" for row in range(ROWS))
    path.write_text("step,d_loss,fid\n" + rows, encoding="utf-8")

    found = diagnose(observe(path))

    assert len(found.doubts) == 1
    assert "real data score" in found.doubts[0]


def test_runs_one_after_the_other_with_steps_that_go_on_are_one_training(tmp_path):
    path = tmp_path / "log.csv"
    rows = "".join(f"part{row // 30},{row},{FID[row]}\n" for row in range(ROWS))
    path.write_text("run,step,fid\n" + rows, encoding="utf-8")

    assert observe(path).unclear == ""
