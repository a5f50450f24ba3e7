// From figures to their cells: links carry a filter, and so does every row behind a figure that names levels.
const toCells = (filter) => `#cells?${filter}`;
if (cellRows.length) {
  all("a[data-cells]").forEach((link) => { link.href = toCells(link.dataset.cells); });
  all("figure > details").forEach((details) => details.addEventListener("toggle", () => linkRows(details), { once: true }));
}
const linkRows = (details) => {
  const table = details.querySelector("table");
  const heads = table ? all("th[data-f]", table.tHead) : [];
  if (!heads.length) return;
  const base = details.parentElement.querySelector("a[data-cells]");
  table.tHead.rows[0].append(make("th", { scope: "col" }, say("cells")));
  Array.from(table.tBodies[0].rows).forEach((row) => {
    const values = new URLSearchParams(base ? base.dataset.cells : "");
    const levels = heads.map((head) => [head.dataset.f, row.cells[head.cellIndex].textContent]);
    levels.forEach(([key, level]) => values.set(key, level));
    const what = levels.map(([, level]) => level).join(", ");
    row.append(make("td", {}, make("a", { href: toCells(values), "aria-label": say("cells_of", { what }) }, "→")));
  });
};
// A link to one cell or panel undoes whatever hides it: the filter, or its recipe's hiding.
const reveal = (target) => {
  if (target.closest(".off")) showRecipes();
  if (target.hidden && cellRows.includes(target)) readFilter("");
  target.scrollIntoView();
};
const follow = () => {
  if (cellRows.length && location.hash.startsWith("#cells?")) {
    readFilter(location.hash.slice("#cells?".length));
    document.getElementById("cells").scrollIntoView();
    return;
  }
  const target = document.getElementById(location.hash.slice(1));
  if (target) reveal(target);
};
// The same address twice is no change of it, but what it names may have been hidden since.
document.addEventListener("click", (event) => {
  const link = event.target.closest('a[href^="#"]');
  if (link && link.getAttribute("href") === location.hash) follow();
});
addEventListener("hashchange", follow);
addEventListener("load", follow);
