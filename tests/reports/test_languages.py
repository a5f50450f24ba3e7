"""The Chinese page: nothing left in English, every number kept, a catalogue that fits what is said."""

import re
from collections import Counter
from pathlib import Path
from string import Formatter
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_records import QUICK, draws, grid, histograms, planted

from bench.pages import LANGUAGES as OFFERED
from bench.records.store import open_store
from reports import words
from reports.build import write_report, write_results
from reports.frame import Results, frames
from reports.languages import CHINESE, ENGLISH, LANGUAGES
from reports.languages.leftover import leftover, texts
from reports.languages.scan import lacking, patterns, unused
from reports.languages.zh import PARTS
from reports.say import Name, Text, joined, say, shaped, translated

NAMES = ("main", "digits", "grid25", "ring8", "mlp", "discriminator-first", "adam", "rmsprop", "compiled")


def both(folder: Path) -> dict[str, str]:
    return {each.code: (folder / each.file).read_text(encoding="utf-8") for each in LANGUAGES.values()}


@pytest.fixture(scope="module")
def pages(standard_frames, standard_report, tmp_path_factory):
    """The standard report's pages in both languages, with its pictures."""
    target = tmp_path_factory.mktemp("pages")
    results = Results(
        standard_frames, standard_report.parent, "standard", {"main": 240}, {"main": 2}, 3, {"cores": 2},
        histograms=histograms(standard_frames.runs),
    )  # fmt: skip
    write_results(results, target, QUICK, CHINESE)
    return both(target)


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    target = tmp_path_factory.mktemp("empty")
    write_results(Results(frames([])), target, QUICK, CHINESE)
    return both(target)


def numbers(page: str) -> Counter:
    """Numbers of a page's texts as they are spelled; those in names are no numbers."""
    found = re.findall(r"(?<![\w.,\-])\d[\d,]*(?:\.\d+)?(?![\w\-])", "\n".join(texts(page)))
    return Counter(number.strip(",") for number in found)


@pytest.fixture(scope="module")
def names(standard_frames):
    """What may stay in Latin: names of the data, of networks, and of recipes with their settings."""
    return [*NAMES, *standard_frames.runs["variant"].unique()]


def test_nothing_said_is_left_in_english(pages, empty, names):
    assert leftover(pages["zh"], names) == []
    assert leftover(empty["zh"], names) == []


def test_an_english_sentence_would_be_found(pages, names):
    spoiled = pages["zh"].replace("</main>", "<p>no run failed</p></main>")
    assert leftover(spoiled, names) == ["no run failed"]
    assert len(leftover(pages["en"], names)) > 200


def test_both_pages_hold_the_same_numbers(pages, empty):
    assert numbers(pages["zh"]) == numbers(pages["en"])
    assert numbers(empty["zh"]) == numbers(empty["en"])
    assert sum(numbers(pages["en"]).values()) > 3000


def test_a_changed_number_would_be_found(pages):
    spoiled = pages["zh"].replace("</main>", "<p>7</p></main>")
    assert numbers(spoiled) != numbers(pages["en"])


DRAWN_TEXT = re.compile("(?<=>)[^<>]*(?=</text>)")


def pictures(page: str) -> list[str]:
    return [unquote(source) for source in re.findall(r'src="data:image/svg\+xml,([^"]*)"', page)]


def drawn_texts(page: str) -> str:
    return "".join(f"<p>{text}</p>" for svg in pictures(page) for text in DRAWN_TEXT.findall(svg))


def test_no_word_inside_a_picture_is_left_in_english(pages, names):
    names = [*names, "lr"]  # the symbol of the learning rate
    assert leftover(drawn_texts(pages["zh"]), names) == []
    assert {"capacity ratio", "perfect copy", "more data"} <= set(leftover(drawn_texts(pages["en"]), names))


def test_both_pages_have_the_same_pictures_but_for_their_words(pages):
    without = {code: [DRAWN_TEXT.sub("", svg) for svg in pictures(page)] for code, page in pages.items()}
    assert len(without["en"]) > 25
    assert without["en"] == without["zh"]


def test_both_pages_have_the_same_anchors_and_links(pages):
    for attribute in ("id", "href"):
        found = {code: re.findall(rf'{attribute}="([^"]*)"', page) for code, page in pages.items()}
        apart = {each.file for each in LANGUAGES.values()}
        english, chinese = ([item for item in found[code] if item not in apart] for code in ("en", "zh"))
        assert english == chinese


def test_each_page_says_its_language_and_links_to_the_other(pages):
    assert '<html lang="en">' in pages["en"]
    assert '<a href="index.zh.html" lang="zh-Hans" hreflang="zh-Hans">中文</a>' in pages["en"]
    assert '<html lang="zh-Hans">' in pages["zh"]
    assert '<a href="index.html" lang="en" hreflang="en">English</a>' in pages["zh"]


def test_differences_are_bold_in_both(pages):
    bold = {code: re.findall(r"<strong>(.*?)</strong>", page) for code, page in pages.items()}
    assert len(bold["en"]) == len(bold["zh"]) > 10


def test_an_english_report_leaves_no_older_chinese_page(tmp_path):
    records = draws(grid(ratios=(1.0,), scales=(1.0,), sizes=(64,)), planted, probes=1)
    with open_store(tmp_path, create=True) as store:
        store.ingest(records)
    chinese = write_report(tmp_path, QUICK, CHINESE)
    assert chinese.name == "index.zh.html"
    assert chinese.exists()
    english = write_report(tmp_path, QUICK)
    assert (english.name, chinese.exists()) == ("index.html", False)
    assert "hreflang" not in english.read_text(encoding="utf-8")


def test_names_from_outside_are_no_words(tmp_path):
    """A dataset or profile may be called as a word of ours is."""
    records = draws(grid(ratios=(1.0,), scales=(1.0,), sizes=(64,)), planted, probes=1)
    found = frames(records)
    found.runs["dataset"] = "score"
    write_results(Results(found, profile="failed"), tmp_path, QUICK, CHINESE)
    chinese = both(tmp_path)["zh"]
    assert "<td>score</td>" in chinese
    assert "配置 failed" in chinese


def test_languages_that_bench_offers_are_those_there_are():
    assert tuple(LANGUAGES) == OFFERED


def test_the_catalogue_has_every_pattern_that_is_said():
    assert lacking(CHINESE.catalogue) == {}


def test_the_catalogue_has_nothing_that_is_not_said():
    assert unused(CHINESE.catalogue) == []


def test_parts_of_the_catalogue_do_not_overlap():
    assert sum(map(len, PARTS)) == len(CHINESE.catalogue)


def fields(pattern: str) -> list[str]:
    return sorted(f"{name}:{form}" for _, name, form, _ in Formatter().parse(pattern) if name is not None)


@pytest.mark.parametrize("part", PARTS, ids=lambda part: next(iter(part))[:30])
def test_each_pattern_has_the_places_of_its_english(part):
    assert [(english, told) for english, told in part.items() if fields(english) != fields(told)] == []


def test_the_scan_sees_code_and_templates():
    found = patterns()
    assert found["no run failed"] == "telling.py"
    assert found["Skip to the findings"] == "templates/page.html"
    assert found["{amount} pairs"] in ("telling.py", "contrasts.py")
    assert len(found) > 150


@given(st.lists(st.text(max_size=5), max_size=40))
def test_joined_is_join_and_keeps_every_part(parts):
    assert joined(parts, "{left}; {right}") == "; ".join(parts)
    said = joined([say("{part}", part=Name(part)) for part in parts], "{left}; {right}")
    assert translated(said, {"{left}; {right}": "{left}；{right}"}) == "；".join(parts)


@given(st.lists(st.text(min_size=1, max_size=5), min_size=1, max_size=9))
def test_a_text_without_a_catalogue_stays_as_it_is(parts):
    said = say("{whole} of {n}", whole=words.listed(parts), n=len(parts))
    assert translated(said, {}) == said
    assert ENGLISH.tell(shaped(said.upper(), said)) == said.upper()


def test_a_label_keeps_what_a_text_is_made_of():
    said = say("{n} runs", n=3)
    assert isinstance(words.label(said), Text)
    assert isinstance(words.label("3 runs"), Name)
    assert CHINESE.tell(words.label(say("{amount} runs", amount=3))) == "3 次运行"
    assert CHINESE.tell(words.label("score")) == "score"
