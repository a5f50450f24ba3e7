// The table of cells by the levels of its factors and by words; what is chosen stands in the address.
const factorHeads = cellTable ? all("th[data-f]", cellTable.tHead) : [];
const factors = factorHeads.map((head) => {
  const column = head.cellIndex;
  const levels = [...new Set(cellRows.map((row) => row.cells[column].textContent))];
  const numeric = head.classList.contains("n");
  levels.sort((a, b) => compare(numeric ? read(a) ?? Infinity : a, numeric ? read(b) ?? Infinity : b));
  return { key: head.dataset.f, name: head.textContent, column, levels };
}).filter(({ levels }) => levels.length > 1);
const search = make("input", { type: "search", placeholder: say("search"), "aria-label": say("search") });
const shownCells = make("p", { class: "small", role: "status" });
const haystack = new Map();
const textOf = (row) => {
  if (!haystack.has(row)) haystack.set(row, `${row.textContent} ${cellRuns.get(row).map(([run]) => run).join(" ")}`.toLowerCase());
  return haystack.get(row);
};
const chosenOf = ({ boxes }) => boxes.filter((box) => box.checked).map((box) => box.value);
const applyFilter = () => {
  const wanted = factors.map((factor) => [factor, new Set(chosenOf(factor))]).filter(([, levels]) => levels.size);
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  cellRows.forEach((row) => {
    const fits = wanted.every(([{ column }, levels]) => levels.has(row.cells[column].textContent)) && words.every((word) => textOf(row).includes(word));
    row.hidden = !fits;
    if (isOpen(row)) row.nextElementSibling.hidden = !fits;
  });
  factors.forEach((factor) => { factor.state.textContent = chosenOf(factor).join(", ") || say("all"); });
  countCells();
};
const countCells = () => {
  const shown = cellRows.filter((row) => !row.hidden && !row.classList.contains("off")).length;
  shownCells.textContent = say("shown", { shown, all: cellRows.length });
};
const filterText = () => {
  const values = new URLSearchParams();
  factors.forEach((factor) => chosenOf(factor).forEach((level) => values.append(factor.key, level)));
  if (search.value) values.set("q", search.value);
  return values.toString();
};
const changeFilter = () => {
  const text = filterText();
  history.replaceState(null, "", text ? `#cells?${text}` : "#cells");
  applyFilter();
};
const readFilter = (text) => {
  const values = new URLSearchParams(text);
  factors.forEach(({ key, boxes }) => {
    const wanted = values.getAll(key).filter((level) => boxes.some((box) => box.value === level));
    boxes.forEach((box) => { box.checked = wanted.length < boxes.length && wanted.includes(box.value); });
  });
  search.value = values.get("q") || "";
  applyFilter();
};
const clearFilter = () => {
  readFilter("");
  if (location.hash.startsWith("#cells?")) history.replaceState(null, "", "#cells");
};
if (cellRows.length) {
  factors.forEach((factor) => Object.assign(factor, pick(factor.name, factor.levels, changeFilter)));
  search.addEventListener("input", changeFilter);
  const bar = document.getElementById("cell-tools");
  bar.append(...factors.map(({ box }) => box), search, button(say("clear"), clearFilter), shownCells);
  bar.hidden = false;
  applyFilter();
}
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const closed = closePicks(null);
  if (closed.length) closed[0].querySelector("summary").focus();
  else if (cellRows.length) clearFilter();
});
