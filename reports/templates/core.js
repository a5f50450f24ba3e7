// What every part of the script uses: the page's data, its words, and making elements.
const told = JSON.parse(document.getElementById("page-data").textContent);
const say = (name, values = {}) => told.words[name].replace(/\{(\w+)\}/g, (_, key) => values[key]);
const all = (selector, inside = document) => Array.from(inside.querySelectorAll(selector));
const make = (tag, attributes = {}, ...inside) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...inside);
  return element;
};
const button = (text, press, attributes = {}) => {
  const made = make("button", { type: "button", ...attributes }, text);
  made.addEventListener("click", () => press(made));
  return made;
};
const cellTable = document.getElementById("cell-table");
const cellRows = cellTable ? Array.from(cellTable.tBodies[0].rows) : [];
const cellRuns = new Map(cellRows.map((row, index) => [row, told.runs[index]]));
const tools = document.getElementById("tools");
tools.hidden = false;
// A group of check boxes that opens below its name; Escape and a click elsewhere close it.
const pick = (name, levels, change) => {
  const state = make("span");
  const boxes = levels.map((level) => make("input", { type: "checkbox", value: level }));
  const group = make("div", { role: "group", "aria-label": name }, ...boxes.map((box, index) => make("label", {}, box, levels[index])));
  const box = make("details", { class: "pick" }, make("summary", {}, `${name}: `, state), group);
  boxes.forEach((item) => item.addEventListener("change", change));
  return { box, boxes, state };
};
const closePicks = (but) => all(".pick[open]").filter((item) => item !== but).map((item) => { item.open = false; return item; });
document.addEventListener("click", (event) => closePicks(event.target.closest(".pick")));
