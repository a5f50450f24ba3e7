// On paper everything is open and light, and is put back afterwards.
let opened = [];
let theme = "";
addEventListener("beforeprint", () => {
  opened = all("details:not([open]):not(.pick)");
  opened.forEach((item) => { item.open = true; });
  theme = root.dataset.theme || "";
  root.dataset.theme = "light";
  redraw();
});
addEventListener("afterprint", () => {
  opened.forEach((item) => { item.open = false; });
  if (theme) root.dataset.theme = theme;
  else delete root.dataset.theme;
  redraw();
});
