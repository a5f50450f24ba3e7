"""The page driven in Chromium: filters, sorting, links, runs, recipes, scales, keys, paper, no scripts."""

import re
from fractions import Fraction

import pytest
from browsing import DRAWN, MISSING, TEXTS, axe_violations, browser, ground, open_all, opened, overlaps
from report_records import QUICK, draws, evenly, grid

from reports.build import write_results
from reports.frame import Results, frames
from reports.languages import CHINESE, LANGUAGES

pytestmark = pytest.mark.skipif(
    bool(MISSING), reason=f"no {' and no '.join(MISSING)} here: nothing is proved of the page in a browser"
)

if not MISSING:
    from playwright.sync_api import expect

FILES = [each.file for each in LANGUAGES.values()]
SHOWN = "#cell-table tbody tr:not(.runs):not(.off):not([hidden])"


@pytest.fixture(scope="module")
def chromium():
    with browser() as found:
        yield found


@pytest.fixture
def page(chromium, standard_report):
    with opened(chromium, standard_report / "index.html") as found:
        yield found


def column(page, heading, rows=SHOWN):
    place = page.locator("#cell-table th").all_inner_texts().index(heading)
    return [row.split("\t")[place] for row in page.locator(rows).all_inner_texts()]


def choose(page, factor, level):
    page.locator(f"#cell-tools .pick:has(summary:text-matches('^{factor}: '))").evaluate(
        "box => { box.open = true; }"
    )
    page.locator(f"#cell-tools .pick[open] input[value='{level}']").check()
    page.keyboard.press("Escape")


# ------------------------------------------------------------------- layout


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize("width", [1280, 400])
def test_nothing_is_wider_than_the_window_and_no_text_overlaps(
    chromium, standard_report, width, scripts, file
):
    size = {"width": width, "height": 900}
    with opened(chromium, standard_report / file, viewport=size, java_script_enabled=scripts) as page:
        assert page.evaluate("document.documentElement.scrollWidth") == width
        texts = page.evaluate(TEXTS)
        assert len(texts) > 500
        assert overlaps(texts) == []
        open_all(page)
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert overlaps(page.evaluate(TEXTS)) == []


def test_an_overlap_would_be_found(page):
    page.evaluate("document.querySelector('h1').style.marginBottom = '-3rem'")
    assert overlaps(page.evaluate(TEXTS)) != []


@pytest.mark.parametrize("file", FILES)
def test_no_text_inside_a_drawing_overlaps_or_is_cut_off(chromium, standard_report, file):
    with opened(chromium, standard_report / file, bypass_csp=True) as page:  # drawings have style sheets
        drawings = page.evaluate(DRAWN)
    cut = [
        (name, text)
        for name, (left, top, right, bottom), texts in drawings
        for *box, text in texts
        if box[0] < left - 1 or box[2] > right + 1 or box[1] < top - 1 or box[3] > bottom + 1
    ]
    assert len(drawings) > 25
    assert {name: found for name, _, texts in drawings if (found := overlaps(texts))} == {}
    assert cut == []


def test_every_picture_can_be_drawn(page):
    assert (
        page.evaluate("[...document.images].filter(image => !image.naturalWidth).map(image => image.alt)")
        == []
    )


# ------------------------------------------------------------------- axe


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 400])
def test_axe_finds_nothing(chromium, standard_report, width, scheme, file):
    options = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme, "bypass_csp": True}
    with opened(chromium, standard_report / file, **options) as page:
        page.evaluate(
            "document.querySelectorAll('#verdicts details, #fig-capacity-ratio details')"
            ".forEach(item => { item.open = true; })"
        )
        page.locator("button.open").first.click()
        assert axe_violations(page) == []


# ------------------------------------------------------------------- cells


def test_every_factor_filters_and_the_count_is_announced(page):
    before = len(column(page, "recipe"))
    choose(page, "recipe", "wgan")
    choose(page, "ratio", "1/8")

    assert set(column(page, "recipe")) == {"wgan"}
    assert set(column(page, "ratio")) == {"1/8"}
    shown = page.locator("#cell-tools [role=status]").inner_text()
    assert shown == f"{len(column(page, 'recipe'))} of {before} cells shown"
    assert "variant=wgan" in page.url
    assert "capacity_ratio=1%2F8" in page.url


def test_a_filter_comes_from_the_address_and_escape_clears_it(chromium, standard_report):
    path = standard_report / "index.html"
    with opened(chromium, path) as page:
        before = len(column(page, "recipe"))
        page.goto(f"{path.as_uri()}#cells?variant=nsgan&variant=no-such&data_size=64&q=collapsed")
        page.reload()
        found = list(zip(*(column(page, name) for name in ("recipe", "data", "ended as")), strict=True))
        assert {(recipe, size) for recipe, size, _ in found} == {("nsgan", "64")}
        assert all("collapsed" in ended for *_, ended in found)
        page.keyboard.press("Escape")
        assert len(column(page, "recipe")) == before
        assert page.url.endswith("#cells")


def test_one_run_is_found_by_its_id(page, standard_frames):
    run = standard_frames.judged["run_id"].iloc[7]
    page.locator("#cell-tools input[type=search]").fill(run[:10])
    assert len(column(page, "recipe")) == 1
    page.locator("button.open:visible").click()
    assert run in page.locator("tr.runs").inner_text()


@pytest.mark.parametrize(
    ("heading", "key"),
    [("failed", float), ("score", float), ("ratio", lambda text: float(Fraction(text))), ("recipe", str)],
)
def test_a_click_on_a_heading_sorts_up_and_down(page, heading, key):
    head = page.locator("#cell-table th").filter(has=page.get_by_role("button", name=heading, exact=True))
    head.get_by_role("button").click()
    up = [key(text) for text in column(page, heading)]
    assert up == sorted(up)
    assert head.get_attribute("aria-sort") == "ascending"
    head.get_by_role("button").press("Enter")
    assert [key(text) for text in column(page, heading)] == sorted(up, reverse=True)
    assert head.get_attribute("aria-sort") == "descending"


def test_every_table_sorts(page):
    page.evaluate("document.querySelectorAll('details').forEach(item => { item.open = true; })")
    tables = page.locator("main .scroll > table")
    for index in range(tables.count()):
        table = tables.nth(index)
        if table.locator("tbody tr").count() > 1:
            before = sorted(table.locator("tbody tr").all_inner_texts())
            table.locator("th button").last.click()
            assert sorted(table.locator("tbody tr").all_inner_texts()) == before
            assert table.locator("th[aria-sort=ascending]").count() == 1


def test_a_cell_opens_its_runs_with_their_commands(page, standard_report, standard_frames):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    opener = page.locator("button.open").first
    opener.focus()
    page.keyboard.press("Enter")

    cell = page.locator("#cell-table tbody tr").first.get_attribute("id").removeprefix("cell-")
    runs = standard_frames.judged[standard_frames.judged["cell"] == cell].sort_values("seed")
    listed = page.locator("tr.runs tbody tr").all_inner_texts()
    assert opener.get_attribute("aria-expanded") == "true"
    assert [line.split("\t")[0] for line in listed] == runs["run_id"].tolist()
    assert [line.split("\t")[2] for line in listed] == runs["outcome"].tolist()

    page.locator("tr.runs tbody button").first.click()
    expect(page.locator(".news")).to_have_text("Copied.")
    folder = standard_report.parent
    assert (
        page.evaluate("navigator.clipboard.readText()") == f"ganbench rerun {folder} {runs['run_id'].iloc[0]}"
    )
    page.get_by_role("button", name="Copy the commands that train this cell again").click()
    page.wait_for_timeout(300)
    lines = page.evaluate("navigator.clipboard.readText()").splitlines()
    assert lines == [f"ganbench rerun {folder} {run}" for run in runs["run_id"]]
    opener.click()
    assert page.locator("tr.runs").count() == 0


def test_where_the_clipboard_is_refused_the_command_is_selected(page):
    page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    page.locator("button.open").first.click()
    page.locator("tr.runs tbody button").first.click()
    expect(page.locator(".news")).to_contain_text("Selected")
    assert page.evaluate("getSelection().toString()").startswith("ganbench rerun /")


# ------------------------------------------------------------------- links


def test_from_a_finding_to_its_figure_to_its_cells(page):
    page.locator("#findings a[href='#fig-capacity-ratio']").click()
    assert page.url.endswith("#fig-capacity-ratio")
    page.locator("#fig-capacity-ratio a.jump").click()
    expect(page).to_have_url(re.compile(r"#cells\?"))
    assert set(column(page, "dataset")) == {"digits"}

    page.locator("#fig-capacity-ratio > details > summary").click()
    row = page.locator("#fig-capacity-ratio tbody tr").nth(1)
    recipe, _, ratio = row.inner_text().split("\t")[:3]
    row.locator("a").click()
    expect(page).to_have_url(re.compile(re.escape(f"variant={recipe}&")))
    assert set(column(page, "recipe")) == {recipe}
    assert set(column(page, "ratio")) == {ratio}


def test_a_link_to_a_cell_undoes_the_filter_and_the_hiding_that_hold_it_back(page):
    cell = page.locator("#cell-table tbody tr").filter(has_text="mmgan").first.get_attribute("id")
    row = page.locator(f"#{cell}")
    go = f"location.hash = '{cell}'"
    page.locator("#cell-tools input[type=search]").fill("no such words")
    assert not row.is_visible()
    page.evaluate(go)
    expect(row).to_be_in_viewport()

    page.locator("#tools summary").click()
    page.locator("#tools input[value=mmgan]").uncheck()
    assert not row.is_visible()
    # the address is that of the cell already: only the click tells that it is wanted again
    page.evaluate(
        "place => document.body.append(Object.assign(document.createElement('a'), {href: place}))", f"#{cell}"
    )
    page.evaluate("document.body.lastElementChild.click()")
    expect(row).to_be_in_viewport()
    assert page.locator("#tools input[value=mmgan]").is_checked()


def test_every_anchor_leads_somewhere(page):
    broken = """[...document.querySelectorAll('a[href^="#"]')].map(link => link.getAttribute('href'))
        .filter(place => !document.getElementById(decodeURIComponent(place.slice(1)).split('?')[0]))"""
    assert page.evaluate(broken) == []


# ------------------------------------------------------------------- recipes, scales, theme


def test_a_hidden_recipe_is_gone_from_panels_rows_and_pictures(page):
    shown = ", ".join(f"#fig-{name} img" for name in ("data-size-0", "loss-plane-0", "wasserstein-ratio"))
    pictures = f"[...document.querySelectorAll('{shown}')].map(image => image.src)"
    before = page.evaluate(pictures)
    page.locator("#tools summary").click()
    page.locator("#tools input[value=wgan]").uncheck()

    assert "wgan" not in column(page, "recipe")
    assert page.locator(".panel[data-recipe=wgan]:visible").count() == 0
    assert page.locator(".panel[data-recipe=nsgan]:visible").count() > 0
    after = page.evaluate(pictures)
    assert all("display%3Anone" in new for new in after)
    page.locator("#tools input[value=wgan]").check()
    assert page.evaluate(pictures) == before
    assert page.locator("tr.off").count() == 0


def test_scales_switch_between_two_pictures(page):
    figure = page.locator("#fig-throughput")
    first = figure.locator("img:visible").first.get_attribute("alt")
    figure.get_by_role("button", name="linear", exact=True).click()
    assert figure.get_by_role("button", name="linear", exact=True).get_attribute("aria-pressed") == "true"
    second = figure.locator("img:visible").first
    assert second.get_attribute("src") != figure.locator("img").first.get_attribute("src")
    assert second.get_attribute("alt") == first  # the same numbers
    score = page.locator("#fig-data-size-0")
    score.get_by_role("button", name="distance", exact=True).click()
    assert any(
        "distance against" in alt
        for alt in score.locator("img:visible").evaluate_all("all => all.map(i => i.alt)")
    )


@pytest.mark.parametrize("file", FILES)
def test_page_and_pictures_are_dark_where_the_reader_wants_it(chromium, standard_report, file):
    grounds = []
    for scheme in ("light", "dark"):
        with opened(chromium, standard_report / file, color_scheme=scheme) as page:
            grounds.append(ground(page))
            pictures = page.evaluate("[...document.querySelectorAll('figure[id] img')].map(i => i.src)")
            assert all("prefers-color-scheme%3Adark" in source.replace(":", "%3A") for source in pictures)
    assert grounds[0] != grounds[1]


def test_dark_by_button_turns_page_and_pictures_and_is_kept(page):
    light = ground(page)
    page.get_by_role("button", name="Dark").click()
    dark = ground(page)
    assert dark != light
    assert "%40media%20all" in page.locator("#fig-capacity-ratio img").first.get_attribute("src")
    page.reload()
    assert ground(page) == dark
    assert page.get_by_role("button", name="Dark").get_attribute("aria-pressed") == "true"


# ------------------------------------------------------------------- keys, paper, no scripts


def test_the_keyboard_skips_to_the_findings_and_sees_where_it_is(page):
    page.keyboard.press("Tab")
    skip = page.evaluate("document.activeElement.className")
    box = page.locator(".skip").bounding_box()
    assert skip == "skip"
    assert box["x"] >= 0
    page.keyboard.press("Enter")
    assert page.url.endswith("#findings")
    for _ in range(6):
        page.keyboard.press("Tab")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none"


def test_escape_closes_a_choice_first(page):
    page.locator("#cell-tools summary").first.click()
    page.keyboard.press("Escape")
    assert page.locator(".pick[open]").count() == 0
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_on_paper_all_is_open_and_controls_are_gone(page):
    page.get_by_role("button", name="Dark").click()
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details:not([open]):not(.pick)").count() == 0
    assert page.locator(".tools:visible, nav:visible, .scales:visible").count() == 0
    assert page.evaluate("getComputedStyle(document.querySelector('th')).position") == "static"
    assert ground(page) == "rgb(255, 255, 255)"
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    assert page.locator("details:not([open])").count() > 10
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_without_scripts_everything_but_controls_is_there(chromium, standard_report):
    with opened(chromium, standard_report / "index.html", java_script_enabled=False) as page:
        assert page.locator(".tools:visible, button:visible").count() == 0
        assert page.locator("#cell-table tbody tr:visible").count() > 50
        page.locator("#fig-throughput .twin summary").click()
        assert page.locator("#fig-throughput .twin img:visible").count() == 1
        page.locator("#fig-capacity-ratio a.jump").click()
        assert page.url.endswith("#cells")
        assert "ganbench rerun DIR" in page.locator("#cells").inner_text()


def test_a_script_of_someone_elses_is_refused(chromium, standard_report, tmp_path):
    text = (standard_report / "index.html").read_text(encoding="utf-8")
    copy = tmp_path / "foreign.html"
    foreign = "<script>document.title = 'taken'</script><p onclick=\"document.title = 'taken'\" id=trap>x</p>"
    copy.write_text(text.replace("</body>", f"{foreign}</body>"), encoding="utf-8")
    page = chromium.new_page()
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(copy.as_uri())
    page.locator("#trap").click()
    assert page.title() != "taken"
    assert all(re.search("Content.Security.Policy", line) for line in said)
    assert len(said) >= 2
    page.close()


# ------------------------------------------------------------------- Chinese


def test_the_chinese_page_speaks_chinese_in_its_controls(chromium, tmp_path):
    records = draws(grid(("nsgan", "wgan"), (0.5, 1.0), (1.0,), (64,), seeds=2), evenly(0.5))
    path = write_results(Results(frames(records)), tmp_path, QUICK, CHINESE)
    with opened(chromium, path) as page:
        assert page.locator("#cell-tools [role=status]").inner_text() == "显示 4 个单元中的 4 个"
        assert page.locator("#tools button").inner_text() == "深色"
