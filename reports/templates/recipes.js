// Recipes can be hidden on the whole page: their panels, their rows, their marks in pictures.
let showRecipes = () => {};
if (told.recipes.length > 1) {
  const named = all("th[data-f=variant]").map((head) => head.closest("table"));
  const rowsOf = (table) => {
    const column = table.tHead.querySelector("th[data-f=variant]").cellIndex;
    return Array.from(table.tBodies[0].rows).filter((row) => !row.classList.contains("runs")).map((row) => [row, row.cells[column].textContent]);
  };
  const apply = () => {
    const gone = new Set(control.boxes.filter((box) => !box.checked).map((box) => box.value));
    hiddenMarks.clear();
    told.recipes.filter(([name]) => gone.has(name)).forEach(([, mark]) => hiddenMarks.add(mark));
    all("[data-recipe]").forEach((panel) => panel.classList.toggle("off", gone.has(panel.dataset.recipe)));
    named.flatMap(rowsOf).forEach(([row, name]) => row.classList.toggle("off", gone.has(name)));
    control.state.textContent = gone.size ? `${told.recipes.length - gone.size}/${told.recipes.length}` : say("all");
    redraw();
    if (cellRows.length) countCells();
  };
  showRecipes = () => {
    control.boxes.forEach((box) => { box.checked = true; });
    apply();
  };
  const control = pick(say("hide"), told.recipes.map(([name]) => name), apply);
  control.boxes.forEach((box) => { box.checked = true; });
  control.state.textContent = say("all");
  tools.prepend(control.box);
}
