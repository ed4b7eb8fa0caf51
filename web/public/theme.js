// Before the first paint: theme, density and language as last chosen, else as the system says.
(function () {
  var root = document.documentElement;
  var kept = {};
  try {
    kept = JSON.parse(localStorage.getItem("marktwacht") || "{}");
  } catch (e) {}
  var dark = window.matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = kept.theme || (dark ? "dark" : "light");
  root.dataset.density = kept.density || "compact";
  root.lang = kept.language || ((navigator.language || "en").slice(0, 2) === "de" ? "de" : "en");
})();
