"use strict";
/* Rules whose name, source or number has the words; groups with some are opened. */
(() => {
  const field = document.getElementById("find"), found = document.getElementById("found");
  const groups = [...document.querySelectorAll("[data-group]")];
  const open = new Map(groups.map((group) => [group, group.open]));
  const look = () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const group of groups) {
      let some = 0;
      for (const row of group.querySelectorAll("[data-text]")) {
        row.hidden = !words.every((word) => row.dataset.text.includes(word));
        some += !row.hidden;
      }
      count += some;
      group.hidden = words.length > 0 && !some;
      if (group.tagName === "DETAILS") group.open = words.length ? some > 0 : open.get(group);
    }
    found.textContent = words.length ? found.dataset.words.replace("{n}", count) : "";
  };
  field.addEventListener("input", look);
  look();
})();
