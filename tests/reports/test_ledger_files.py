"""The ledger's files: what is given is read whole before anything is written, and bad input is one line."""

from __future__ import annotations

import csv
import io
import shlex

import pandas as pd
import pytest
from ledger_records import known, runs

import bench.cli
from reports.frame import Frames, Results
from reports.ledger.records import COLUMNS, LedgerError, keep, read


def test_a_table_of_closed_forms_is_kept_and_written(tmp_path, capsys) -> None:
    results = tmp_path / "results" / "dirac"
    results.mkdir(parents=True)
    (results / "dirac.csv").write_text(known().to_csv(index=False))
    line = ["ledger", str(results), "--records", str(tmp_path / "kept"), "--out", str(tmp_path / "R.md")]

    assert bench.cli.main(line) == 0
    assert "2 of 2 radii" in (tmp_path / "R.md").read_text()
    check = ["ledger", "--records", str(tmp_path / "kept"), "--out", str(tmp_path / "R.md"), "--check"]
    assert bench.cli.main(check) == 0
    (tmp_path / "R.md").write_text("typed by hand")
    assert bench.cli.main(check) == 1
    assert "not what the records say" in capsys.readouterr().out


@pytest.mark.parametrize("content", ["", "a,b\n1,2\n", '"', "\x00"])
def test_a_damaged_record_is_one_line(tmp_path, content: str, capsys) -> None:
    (tmp_path / "lucic.csv").write_text(content)

    with pytest.raises(LedgerError, match=r"lucic\.csv: must be a table that ganbench ledger kept"):
        read(tmp_path)
    assert bench.cli.main(["ledger", "--records", str(tmp_path), "--out", str(tmp_path / "R.md")]) == 2
    assert "lucic.csv: must be a table" in capsys.readouterr().err
    assert not (tmp_path / "R.md").exists()


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (["nowhere"], "must be given results folders, got 'nowhere'"),
        (["--records", "nowhere"], "--records: must be a folder, got 'nowhere'"),
        ([".", "--check"], "--check: must stand without results folders"),
        (["."], "ganbench"),
    ],
)
def test_bad_input_is_one_line_and_writes_nothing(tmp_path, monkeypatch, capsys, line, told) -> None:
    monkeypatch.chdir(tmp_path)

    assert bench.cli.main(["ledger", *line]) == 2
    assert told in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_records_are_read_as_they_were_kept(tmp_path) -> None:
    from reports.files import frame_csv

    table = runs(seed=[0, 1], fid=[1.5, float("nan")], outcome=["stable", None])
    (tmp_path / "lucic.csv").write_text(frame_csv(table, COLUMNS))

    found = read(tmp_path)["lucic"]
    assert found.fid.isna().tolist() == [False, True]
    assert next(csv.reader(io.StringIO((tmp_path / "lucic.csv").read_text()))) == list(COLUMNS)
    assert keep([], tmp_path) == []


def results_of(tmp_path, preset: str, table: pd.DataFrame, name: str = "results"):
    """A results folder that holds a table of known numbers."""
    folder = tmp_path / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{preset}.csv").write_text(table.to_csv(index=False))
    return folder


DAMAGED = [
    "",
    "a,b\n1,2\n",
    "\x00",
    known()[:0].to_csv(index=False),
    known(ours=["?"] * 2).to_csv(index=False),
]


@pytest.mark.parametrize("content", DAMAGED)
def test_a_damaged_table_leaves_the_kept_one_as_it_was(tmp_path, content: str, capsys) -> None:
    kept = results_of(tmp_path, "dirac", known(), "kept") / "dirac.csv"
    before = kept.read_bytes()
    given = results_of(tmp_path, "dirac", known())
    (given / "dirac.csv").write_text(content)
    line = ["ledger", str(given), "--records", str(kept.parent), "--out", str(tmp_path / "R.md")]

    assert bench.cli.main(line) == 2
    assert "dirac.csv: must be the table of ganbench run dirac, got another" in capsys.readouterr().err
    assert (kept.read_bytes(), [*kept.parent.iterdir()]) == (before, [kept])


def test_one_bad_folder_keeps_the_others_from_being_written(tmp_path) -> None:
    good, bad = results_of(tmp_path, "dirac", known()), results_of(tmp_path, "floors", known(), "bad")

    with pytest.raises(LedgerError, match=r"floors\.csv: must be the table of ganbench run floors"):
        keep([good, bad], tmp_path / "kept")
    assert not (tmp_path / "kept").exists()


def test_a_damaged_neighbour_keeps_records_from_being_written(tmp_path) -> None:
    kept = results_of(tmp_path, "lucic", known(), "kept")

    with pytest.raises(LedgerError, match=r"lucic\.csv: must be a table that ganbench ledger kept"):
        keep([results_of(tmp_path, "dirac", known())], kept)
    assert [path.name for path in kept.iterdir()] == ["lucic.csv"]


def test_two_folders_of_one_preset_are_refused(tmp_path, monkeypatch) -> None:
    first, second = results_of(tmp_path, "dirac", known(), "a"), results_of(tmp_path, "dirac", known(), "b")

    with pytest.raises(
        LedgerError, match=r"one results folder of a preset, got .*a and .*b of dirac; give one"
    ):
        keep([first, second], tmp_path / "kept")
    monkeypatch.setattr("reports.ledger.records.load", lambda _: stored("lucic", runs(seed=[0])))
    with pytest.raises(LedgerError, match="of lucic; merge them first with ganbench merge"):
        keep([tmp_path / "shard-1", tmp_path / "shard-2"], tmp_path / "kept")
    assert not (tmp_path / "kept").exists()


def stored(profile: str, table: pd.DataFrame) -> Results:
    """What a results store holds."""
    return Results(Frames(table, pd.DataFrame()), profile=profile)


def test_a_profile_with_the_name_of_a_table_is_refused(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("reports.ledger.records.load", lambda _: stored("dirac", runs(seed=[0])))

    with pytest.raises(LedgerError, match="got others, of the profile 'dirac'"):
        keep([tmp_path], tmp_path / "kept")


def test_a_folder_of_two_tables_gives_both(tmp_path) -> None:
    floors = known().assign(data="ring8")
    results_of(tmp_path, "dirac", known())
    given = results_of(tmp_path, "floors", floors)

    assert [path.name for path in keep([given], tmp_path / "kept")] == ["dirac.csv", "floors.csv"]
    assert set(read(tmp_path / "kept")) == {"dirac", "floors"}


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (["--out", "folder"], "--out: must be a file, got the folder 'folder'; as in folder/REPRODUCTION.md"),
        (["--out", "folder", "--check"], "--out: must be a file, got the folder 'folder'; as in"),
        (["--out", "file/x.md"], "--out: must be a file in a folder, got 'file/x.md', but 'file' is none"),
        (["--out", "file/x/y.md", "--check"], "got 'file/x/y.md', but 'file' is none; name another"),
        (["folder", "--records", "file"], "--records: must be a folder, got 'file', but 'file' is none"),
        (
            ["folder", "--records", "file/x"],
            "--records: must be a folder, got 'file/x', but 'file' is none",
        ),
        (["--out", "x" * 300], "must be a name that a file can have; shorten it"),
        (
            ["--check", "--out", "picture.png"],
            "--out: must be a page that ganbench ledger wrote, got 'picture",
        ),
    ],
)
def test_what_is_no_place_for_a_page_or_records_is_one_line(
    tmp_path, monkeypatch, capsys, line, told
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("kept")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\xff")

    assert bench.cli.main(["ledger", *line]) == 2
    assert told in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["file", "folder", "picture.png"]


def test_what_a_check_advises_makes_the_next_one_pass(tmp_path, capsys) -> None:
    kept, page = results_of(tmp_path, "dirac", known(), "kept records"), tmp_path / "R.md"
    check = ["ledger", "--records", str(kept), "--out", str(page), "--check"]

    assert bench.cli.main(check) == 1
    advised = shlex.split(capsys.readouterr().out.partition("write it again: ")[2])
    assert bench.cli.main(advised[1:]) == 0
    assert bench.cli.main(check) == 0
    page.write_bytes(page.read_bytes().replace(b"\n", b"\r\n"))
    assert bench.cli.main(check) == 1
