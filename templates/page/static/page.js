"use strict";
(() => {
  const root = document.documentElement;
  const csrf = document.querySelector("meta[name=csrf]").content;

  /* For the other scripts of the page: requests that carry the token, and words for screen readers. */
  const say = (text) => { document.getElementById("live").textContent = text; };
  const ask = async (url, options = {}) => {
    const headers = { Accept: "application/json", "X-Greenland-Csrf": csrf, ...(options.headers || {}) };
    const answer = await fetch(url, { credentials: "same-origin", ...options, headers });
    const content = await answer.json().catch(() => ({}));
    if (!answer.ok) {
      const told = (content.problems || []).map((one) => one.message);
      throw Object.assign(new Error([content.error, content.text, ...told].filter(Boolean).join(" ") || answer.statusText), { content });
    }
    return content;
  };
  window.greenland = { ask, say, csrf };

  /* Light and dark. */
  const theme = document.getElementById("theme");
  const label = () => { theme.textContent = root.classList.contains("dark") ? theme.dataset.light : theme.dataset.dark; };
  theme.hidden = false;
  label();
  theme.addEventListener("click", () => {
    const dark = root.classList.toggle("dark");
    try { localStorage.setItem("greenland-theme", dark ? "dark" : "light"); } catch { /* not kept */ }
    label();
  });

  /* Long work: asked for while it is under way; the page is loaded anew when it is over. */
  const watch = (box) => {
    const of = (name) => box.querySelector(`[data-of=${name}]`);
    let part = "";
    const show = (job) => {
      of("state_title").textContent = job.state_title;
      of("part").textContent = job.part;
      of("counted").textContent = job.total ? `${job.done} / ${job.total}` : "";
      const seconds = of("seconds");
      seconds.textContent = seconds.dataset.words.replace("%", Math.round(job.seconds));
      const bar = of("bar");
      if (job.total) { bar.max = job.total; bar.value = job.done; }
      if (job.part && job.part !== part) { part = job.part; say(part); }
    };
    const look = async () => {
      try {
        const job = await ask(box.dataset.job);
        show(job);
        if (!job.under_way) {
          if (box.dataset.after && job.state === "done") location.assign(box.dataset.after);
          else location.reload();
          return;
        }
      } catch { /* the server is busy or gone: look again */ }
      setTimeout(look, 500);
    };
    box.querySelector("[data-cancel]").addEventListener("submit", async (event) => {
      event.preventDefault();
      event.target.querySelector("button").disabled = true;
      await ask(event.target.action, { method: "POST" }).catch((error) => say(error.message));
    });
    look();
  };
  document.querySelectorAll("[data-job]").forEach((box) => {
    if (box.dataset.underWay === "yes") watch(box);
  });

  /* Files dropped on the form are sent as if they had been chosen. */
  document.querySelectorAll("[data-drop]").forEach((form) => {
    const field = form.querySelector("input[type=file]");
    const tell = (text) => {
      let note = form.querySelector(".note");
      if (!note) {
        note = document.createElement("p");
        note.className = "note failed";
        note.setAttribute("role", "alert");
        form.prepend(note);
      }
      note.textContent = text;
      field.value = "";
    };
    const send = async () => {
      const files = [...field.files];
      if (!files.length) return;
      if (files.reduce((sum, file) => sum + file.size, 0) > form.dataset.most * 2 ** 20) {
        tell(form.dataset.tooLarge);
        return;
      }
      form.classList.add("busy");
      const busy = form.querySelector("[data-of=busy]");
      busy.hidden = false;
      const body = new FormData(form);
      try {
        location.assign((await ask(form.action, { method: "POST", body })).next);
      } catch (error) {
        form.classList.remove("busy");
        busy.hidden = true;
        tell(error.message);
      }
    };
    field.addEventListener("change", send);
    const over = (event) => { event.preventDefault(); form.classList.add("over"); };
    document.addEventListener("dragover", over);
    document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) form.classList.remove("over"); });
    document.addEventListener("drop", (event) => {
      event.preventDefault();
      form.classList.remove("over");
      if (!event.dataTransfer.files.length) return;
      field.files = event.dataTransfer.files;
      send();
    });
  });

  /* Severities shown. */
  document.querySelectorAll("[data-filter]").forEach((box) => {
    box.hidden = false;
    box.addEventListener("change", () => {
      const shown = new Set([...box.querySelectorAll(":checked")].map((one) => one.value));
      document.querySelectorAll("[data-severity]").forEach((row) => { row.hidden = !shown.has(row.dataset.severity); });
      document.querySelectorAll(".group").forEach((group) => { group.hidden = !group.querySelector("[data-severity]:not([hidden])"); });
    });
  });

  /* Headings that are certain are shown when they are asked for. */
  document.querySelectorAll("[data-only]").forEach((box) => {
    const sheet = box.closest(".sheet");
    const show = () => sheet.classList.toggle("hide-sure", box.checked);
    box.closest(".only").hidden = false;
    box.addEventListener("change", show);
    show();
  });

  /* The length of the report that is shown. */
  const lengths = [...document.querySelectorAll("[data-length]")];
  lengths.forEach((link) => link.addEventListener("click", () => {
    lengths.forEach((one) => one.removeAttribute("aria-current"));
    link.setAttribute("aria-current", "true");
    document.querySelector("[data-alone]").href = link.href;
  }));
})();
