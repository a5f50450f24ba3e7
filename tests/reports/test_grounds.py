"""Evidence of verdicts: every number a verdict looked at reaches the CSV and the page."""

import csv
import io

from report_records import QUICK, config, record

from bench.records.schema import EvaluationRecord
from reports.build import write_results
from reports.frame import Results, frames
from reports.grounds import cases, ground_rows

EVIDENCE = {
    "rule": "no_progress",
    "detail": "<b>stuck</b>",
    "numbers": {"q_best": 0.93, "unknown": None},
    "limits": {"q_best": 0.8},
    "window": {"first_step": 30},
    "plot": {
        "series": ["auc_real_fake", "not a column", "run_id"],
        "limits": {"auc_real_fake": [0.98]},
        "from_step": 30,
    },
    "mechanisms": {
        "D-dominated": {
            "flagged": True, "status": "measured", "detail": "", "numbers": {"share": 1.0},
            "limits": {"share": 0.5}, "plot": {"series": ["saturation"], "limits": {}, "from_step": None},
        },
        "G-dominated": {
            "flagged": False, "status": "not_measured", "detail": "needs probe_auc", "numbers": {},
            "limits": {},
        },
    },
}  # fmt: skip


def evaluations():
    return tuple(
        EvaluationRecord(step=step, values={"q": 1 - step / 100, "auc_real_fake": 0.99, "saturation": 0.5})
        for step in range(10, 60, 10)
    )


def results(**changes) -> Results:
    stuck = record(config(seed=1), "no-progress", 0.1, evidence=EVIDENCE, evaluations=evaluations())
    fine = record(config(seed=2), "converged", 0.9, evidence={}, evaluations=evaluations())
    evidence = {stuck.run_id: stuck.evidence}
    return Results(frames([stuck, fine]), **{"evidence": evidence, **changes})


def test_every_number_of_outcome_and_mechanisms_has_a_row():
    rows = list(ground_rows(results().evidence))

    told = [(row["about"], row["found"], row["number"], row["value"], row["limit"]) for row in rows]
    assert told[0] == ("outcome", "no_progress", "q_best", 0.93, 0.8)
    assert told[1][2] == "unknown"
    assert told[1][3] != told[1][3]  # NaN: not measured
    assert told[2] == ("D-dominated", "yes", "share", 1.0, 0.5)
    assert told[3][:3] == ("G-dominated", "not measured", "")


def test_the_case_of_an_outcome_shows_what_its_plot_names_and_marks_the_onset():
    (case,) = cases(results())

    assert case.heading == "no-progress, digits (1 run)"
    assert "set in at generator update 500" in case.why
    assert [panel.title for panel in case.panels] == [
        "no-progress: auc_real_fake", "no-progress: q", "D-dominated: saturation",
    ]  # fmt: skip
    assert "limit 0.98" in case.panels[0].alt
    assert [[cell.text for cell in row] for row in case.numbers.rows] == [["q_best", "0.93", "0.8"]]


def test_the_page_and_the_csv_carry_the_evidence_escaped(tmp_path):
    path = write_results(results(), tmp_path, QUICK)

    page = path.read_text(encoding="utf-8")
    assert "<b>stuck</b>" not in page
    assert "&lt;b&gt;stuck&lt;/b&gt;" in page
    table = list(csv.DictReader(io.StringIO((tmp_path / "verdicts.csv").read_text(encoding="utf-8"))))
    assert {row["about"] for row in table} == {"outcome", "D-dominated", "G-dominated"}


def test_malformed_evidence_is_shown_as_far_as_it_goes():
    odd = {
        "rule": 3,
        "numbers": "x",
        "mechanisms": {"memorising": None},
        "plot": {"limits": 1, "series": "q"},
    }
    found = results()
    (run_id,) = found.evidence
    (case,) = cases(results(evidence={run_id: odd}))

    assert case.numbers.rows == ()
    assert len(case.flags.rows) == 1


def test_without_evidence_the_page_says_so(tmp_path):
    page = write_results(results(evidence={}), tmp_path, QUICK).read_text(encoding="utf-8")

    assert "No run has a verdict whose evidence is stored." in page


def test_a_single_run_that_departs_from_its_recipe_has_a_page(tmp_path):
    odd = record(config(n_critic=5), "diverged:nonfinite", 0.0)

    assert write_results(Results(frames([odd])), tmp_path, QUICK).exists()


def test_the_numbers_of_every_curve_stand_below_it():
    (case,) = cases(results())

    drawn = [panel.title.rpartition(": ")[2] for panel in case.panels]
    assert list(case.data.columns) == ["generator updates", *dict.fromkeys(drawn)]
    assert [row[0].text for row in case.data.rows] == ["10", "20", "30", "40", "50"]
    assert all(cell.value == cell.value for row in case.data.rows for cell in row)
