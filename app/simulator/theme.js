// Loaded before the style sheet paints, so that a dark page never flashes white.
(() => {
  const KEY = "frontdoor.try.theme";
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const chosen = () => {
    try { return localStorage.getItem(KEY); } catch { return null; }
  };
  const paint = () => {
    const wanted = chosen();
    const theme = wanted === "light" || wanted === "dark" ? wanted : dark.matches ? "dark" : "light";
    document.documentElement.dataset.theme = theme;
    dispatchEvent(new Event("themechange"));
  };
  window.toggleTheme = () => {
    const next = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
    // Choosing what the system already says means "follow the system" again.
    const follows = (next === "dark") === dark.matches;
    try { follows ? localStorage.removeItem(KEY) : localStorage.setItem(KEY, next); } catch { /* private mode */ }
    document.documentElement.dataset.theme = next;
    dispatchEvent(new Event("themechange"));
  };
  dark.addEventListener?.("change", paint);
  paint();
})();
