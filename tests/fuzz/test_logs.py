"""Training logs from anywhere: diagnosed or told to be none, and the page shows their names as text."""

from __future__ import annotations

import csv
import io

from harness import HOSTILE, cases, check_clean, ganbench, hostile_text
from hypothesis import given
from hypothesis import strategies as st

NAMES = st.one_of(
    st.sampled_from(
        ["step", "epoch", "fid", "d_loss", "g_loss", "D(x)", "D(G(z))", "grad_norm_G", "lr", "time"]
    ),
    hostile_text(),
)
CELLS = st.one_of(
    st.floats().map(repr), st.integers(-(2**80), 2**80).map(str), st.integers(0, 50).map(str), hostile_text(),
    st.sampled_from(["", "nan", "tensor(0.6, device='cuda:0')", "1e400", "1,5", "١٢"]),
)  # fmt: skip
MARKUP = [text for text in HOSTILE if text.startswith(("<", '">'))]


@cases(40)
@given(st.lists(NAMES, min_size=1, max_size=6), st.data(), st.sampled_from([",", ";", "\t", "|"]))
def test_any_table_is_diagnosed(here, names, data, delimiter):
    rows = data.draw(st.lists(st.lists(CELLS, min_size=len(names), max_size=len(names)), max_size=12))
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter).writerows([names, *rows])
    (here / "log.csv").write_text(stream.getvalue(), encoding="utf-8", errors="replace", newline="")
    ending = ganbench("diagnose", "log.csv", "--out", "page.html")

    check_clean(ending)
    page = (here / "page.html").read_text(encoding="utf-8") if ending.code == 0 else ""
    assert not [text for text in MARKUP if text in page]


@cases(20)
@given(
    st.binary(max_size=400),
    st.sampled_from([b"", b"step,fid\n", b"\xff\xfe", b"\xef\xbb\xbf", b'step,fid\n"']),
)
def test_any_bytes_are_diagnosed(here, content, head):
    (here / "log.csv").write_bytes(head + content)

    check_clean(ganbench("diagnose", "log.csv", "--out", "page.html"))


@cases(20)
@given(st.lists(hostile_text(nul=False), min_size=1, max_size=2), hostile_text(nul=False))
def test_any_names_of_columns_are_taken_or_refused(here, columns, loss):
    (here / "log.csv").write_text("step,my\n" + "".join(f"{n},{90 - n}\n" for n in range(30)))
    words = [f"distance={column}" for column in columns]

    check_clean(ganbench("diagnose", "log.csv", "--columns", *words, "--out", "page.html"))
    check_clean(ganbench("diagnose", "log.csv", "--loss", loss, "--out", "page.html"))
