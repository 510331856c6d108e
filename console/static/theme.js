// Before the first paint, so that dark never flashes white.
(function () {
    var kept = null;
    try { kept = localStorage.getItem("frontdoor-theme"); } catch (e) { /* private mode */ }
    var dark = kept ? kept === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    document.documentElement.setAttribute("data-bs-theme", dark ? "dark" : "light");
})();
