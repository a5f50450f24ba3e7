// Commands to the clipboard; where the browser refuses, the command is selected for the reader to copy.
const quoted = (word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
const folder = () => {
  if (location.protocol !== "file:") return told.folder;
  const place = decodeURIComponent(location.pathname).split("/").slice(0, -2).join("/");
  return /^\/[A-Za-z]:/.test(place) ? place.slice(1) : place || "/";
};
const rerun = (run) => `ganbench rerun ${quoted(folder())} ${run}`;
const news = make("p", { class: "news", role: "status" });
document.querySelector("main").append(news);
const tell = (text) => {
  news.textContent = text;
  clearTimeout(tell.later);
  tell.later = setTimeout(() => { news.textContent = ""; }, 4000);
};
const copy = async (text, shown) => {
  try {
    await navigator.clipboard.writeText(text);
    tell(say("copied"));
  } catch {
    shown.textContent = text;
    shown.hidden = false;
    getSelection().selectAllChildren(shown);
    tell(say("selected"));
  }
};
