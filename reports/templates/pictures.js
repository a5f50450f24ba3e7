// Pictures as the page is set: light or dark, without the marks of hidden recipes. Each is text in its address.
const START = "data:image/svg+xml,";
const pictures = all(`img[src^="${START}"]`).map((image) => ({ image, source: image.getAttribute("src") }));
const hiddenMarks = new Set();
const redrawn = (source) => {
  const theme = root.dataset.theme;
  const gone = [...hiddenMarks].filter((mark) => source.includes(mark));
  if (!theme && !gone.length) return source;
  let svg = decodeURIComponent(source.slice(START.length));
  if (theme) svg = svg.replace("(prefers-color-scheme:dark)", theme === "dark" ? "all" : "not all");
  if (gone.length) svg = svg.replace("</style>", `${gone.map((mark) => `.${mark}`).join()}{display:none}</style>`);
  return START + encodeURIComponent(svg);
};
const redraw = () => pictures.forEach(({ image, source }) => {
  const wanted = redrawn(source);
  if (image.getAttribute("src") !== wanted) image.src = wanted;
});
try {
  const kept = localStorage.getItem("ganbench-theme");
  if (kept === "dark" || kept === "light") root.dataset.theme = kept;
} catch { /* then as the system says */ }
showTheme();
if (root.dataset.theme) redraw();
