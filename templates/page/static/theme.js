"use strict";
/* Light or dark before anything is drawn: the reader's choice, else the system's. */
(() => {
  const root = document.documentElement;
  let kept = null;
  try { kept = localStorage.getItem("greenland-theme"); } catch { /* storage is forbidden */ }
  const system = matchMedia("(prefers-color-scheme: dark)");
  root.classList.add("js");
  root.classList.toggle("dark", kept ? kept === "dark" : system.matches);
  system.addEventListener("change", (event) => { if (!kept) root.classList.toggle("dark", event.matches); });
})();
