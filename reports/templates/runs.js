// A cell's number of runs opens its runs below it, made only then from the page's data block.
const runList = (runs) => {
  const shown = make("pre", { hidden: "" });
  const rows = runs.map(([run, seed, outcome, score]) => make("tr", {},
    make("td", {}, make("code", {}, run)), make("td", { class: "n" }, String(seed)),
    make("td", {}, told.outcomes[outcome]), make("td", { class: "n" }, score === null ? "–" : score.toFixed(2)),
    make("td", {}, button(say("copy"), () => copy(rerun(run), shown), { "aria-label": say("copy_run", { run }) }))));
  const heads = ["run", "seed", "outcome", "score"].map((name) => make("th", { scope: "col" }, say(name)));
  const every = () => copy(runs.map(([run]) => rerun(run)).join("\n"), shown);
  return [
    make("table", {}, make("caption", { class: "hidden" }, say("runs_of", { runs: runs.length })), make("thead", {}, make("tr", {}, ...heads, make("td"))), make("tbody", {}, ...rows)),
    button(say("copy_all"), every), shown,
  ];
};
const opener = (row) => row.querySelector("button.open");
const closeRuns = (row) => {
  opener(row).setAttribute("aria-expanded", "false");
  row.nextElementSibling.remove();
};
const openRuns = (row) => {
  const wide = make("td", { colspan: row.cells.length });
  wide.append(...runList(cellRuns.get(row)));
  opener(row).setAttribute("aria-expanded", "true");
  const runs = make("tr", { class: "runs" }, wide);
  runs.hidden = row.hidden;
  row.after(runs);
};
const isOpen = (row) => opener(row).getAttribute("aria-expanded") === "true";
cellRows.forEach((row) => {
  const cell = row.cells[told.runs_column];
  const runs = cell.textContent;
  cell.replaceChildren(button(runs, () => (isOpen(row) ? closeRuns(row) : openRuns(row)),
    { class: "open", "aria-expanded": "false", "aria-label": say("runs_of", { runs }) }));
});
