// Light or dark by a button, else as the system says; pictures follow (pictures.js).
const root = document.documentElement;
const systemDark = matchMedia("(prefers-color-scheme:dark)");
const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : systemDark.matches);
const themeButton = button(say("dark"), () => setTheme(isDark() ? "light" : "dark"));
const showTheme = () => themeButton.setAttribute("aria-pressed", String(isDark()));
const setTheme = (theme) => {
  root.dataset.theme = theme;
  try { localStorage.setItem("ganbench-theme", theme); } catch { /* a browser may keep nothing for files */ }
  showTheme();
  redraw();
};
systemDark.addEventListener("change", showTheme);
tools.append(themeButton);
