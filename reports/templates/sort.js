// Every table sorts by a click on a heading: numbers by what is shown or by data-v, nothing known comes last.
const NUMBER = /^[\[<≤≥+×~\s]*([−-]?)(∞|[\d,]*\.?\d+(?:e[−-]?\d+)?)(?:\/(\d+))?/;
const read = (text) => {
  const found = NUMBER.exec(text.trim());
  if (!found) return null;
  const number = found[2] === "∞" ? Infinity : Number(found[2].replaceAll(",", "").replace("−", "-"));
  return ((found[1] ? -1 : 1) * number) / Number(found[3] || 1);
};
const sortKey = (cell, numeric) => {
  if (!cell) return null;
  if ("v" in cell.dataset) return cell.dataset.v === "" ? null : Number(cell.dataset.v);
  return numeric ? read(cell.textContent) : cell.textContent.trim() || null;
};
const compare = (a, b) => (typeof a === "number" && typeof b === "number" ? (a < b ? -1 : a > b ? 1 : 0) : String(a).localeCompare(String(b), "en", { numeric: true }));
const sortBy = (table, head, column) => {
  const down = head.getAttribute("aria-sort") === "ascending";
  all("th", table.tHead).forEach((other) => other.removeAttribute("aria-sort"));
  head.setAttribute("aria-sort", down ? "descending" : "ascending");
  all("tr.runs", table).forEach((row) => closeRuns(row.previousElementSibling));
  const numeric = head.classList.contains("n");
  const rows = Array.from(table.tBodies[0].rows, (row) => [sortKey(row.cells[column], numeric), row]);
  rows.sort(([a], [b]) => (a === null ? (b === null ? 0 : 1) : b === null ? -1 : down ? compare(b, a) : compare(a, b)));
  table.tBodies[0].append(...rows.map(([, row]) => row));
};
all("main table").filter((table) => table.tBodies[0].rows.length > 1).forEach((table) => {
  Array.from(table.tHead.rows[0].cells).forEach((head, column) => {
    head.replaceChildren(button(head.textContent, () => sortBy(table, head, column), { class: "sort" }));
  });
});
