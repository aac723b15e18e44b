"use strict";
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const texts = read("texts");
  const say = (text) => { document.getElementById("live").textContent = text; };

  /* Light and dark: the system's choice until the reader makes one. */
  const theme = document.getElementById("theme");
  const dark = (on) => {
    root.classList.toggle("dark", on);
    theme.textContent = on ? texts.light : texts.dark;
  };
  const system = matchMedia("(prefers-color-scheme: dark)");
  dark(system.matches);
  system.addEventListener("change", (event) => dark(event.matches));
  theme.hidden = false;
  theme.addEventListener("click", () => dark(!root.classList.contains("dark")));

  /* Contents: mark the chapter in view; folded on a phone. */
  const links = new Map([...document.querySelectorAll(".contents a")].map((a) => [a.hash.slice(1), a]));
  if (innerWidth < 640) document.querySelector(".contents details").open = false;
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      for (const a of links.values()) a.removeAttribute("aria-current");
      const link = links.get(entry.target.id);
      if (link) link.setAttribute("aria-current", "true");
    }
  }, { rootMargin: "-10% 0px -80% 0px" });
  document.querySelectorAll("main > section").forEach((section) => seen.observe(section));

  /* Tables: sort, filter, copy, unfold. */
  const order = ["v-failed", "v-rejected", "v-exit", "v-D", "v-overdue", "v-supervise", "v-conditional", "v-C",
    "v-no_data", "v-improve", "v-B", "v-not_due", "v-met", "v-keep", "v-admitted", "v-A", "v-exempt", "v-not_applicable"];
  const number = (text) => {
    const plain = text.replace(/[,\s]/g, "").replace("\u2212", "-").replace(/^[<>+]/, "");
    const value = parseFloat(plain);
    return Number.isNaN(value) ? null : value + (text.startsWith("<") ? -1e-9 : text.startsWith(">") ? 1e-9 : 0);
  };
  const key = (cell) => {
    const text = cell.textContent.trim();
    if (text === "—") return null;
    if (cell.classList.contains("n")) return number(text);
    for (const css of cell.classList) if (order.includes(css)) return order.indexOf(css);
    const rule = /^R(\d+)\*?$/.exec(text);
    return rule ? Number(rule[1]) : text;
  };
  const compare = new Intl.Collator(document.documentElement.lang, { numeric: true }).compare;
  const ranked = (a, b, up) => {
    if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1; /* missing last, either way */
    const way = typeof a === "number" && typeof b === "number" ? a - b : compare(String(a), String(b));
    return up ? way : -way;
  };
  const setUp = (box) => {
    const table = box.querySelector("table.data");
    const body = table.tBodies[0];
    const rows = [...body.rows];
    const tools = box.querySelector(".tools");
    const fold = box.querySelector("[data-do=fold]");
    const limit = fold ? rows.findIndex((row) => row.classList.contains("f")) : rows.length;
    let words = null;
    let query = "";
    const refold = () => {
      if (!fold) return;
      let shown = 0;
      for (const row of body.rows) if (!row.hidden) row.classList.toggle("f", shown++ >= limit);
      const open = !table.classList.contains("folded");
      fold.textContent = open ? texts.showLess : texts.showAll.replace("%", shown);
      fold.hidden = shown <= limit;
    };
    [...table.tHead.rows[0].cells].forEach((head, place) => {
      const title = head.textContent;
      const button = document.createElement("button");
      button.type = "button";
      button.setAttribute("aria-label", texts.sortBy.replace("%", title));
      head.append(button); /* beside the words: browsers do not print buttons in repeated heads */
      head.addEventListener("click", () => {
        const up = head.getAttribute("aria-sort") !== "ascending";
        for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", up ? "ascending" : "descending");
        const keyed = [...body.rows].map((row) => [key(row.cells[place]), row]);
        keyed.sort((a, b) => ranked(a[0], b[0], up));
        body.replaceChildren(...keyed.map((pair) => pair[1]));
        refold();
        say(title + " " + (up ? texts.sortedUp : texts.sortedDown));
      });
    });
    const search = tools.querySelector("input");
    if (search) search.addEventListener("input", () => {
      query = search.value.trim().toLowerCase();
      words ??= rows.map((row) => row.textContent.toLowerCase());
      let shown = 0;
      rows.forEach((row, place) => {
        const fits = words[place].includes(query);
        if (row.hidden === fits) row.hidden = !fits;
        shown += fits;
      });
      refold();
      say(texts.shown.replace("%1", shown).replace("%2", rows.length));
    });
    tools.querySelector("[data-do=copy]").addEventListener("click", async () => {
      const lines = [table.tHead.rows[0], ...[...body.rows].filter((row) => !row.hidden)];
      const text = lines.map((row) => [...row.cells].map((c) => c.textContent.trim().replace(/\s+/g, " ")).join("\t")).join("\n");
      let done = true;
      try {
        await navigator.clipboard.writeText(text);
      } catch {
        const area = document.createElement("textarea");
        area.value = text;
        document.body.append(area);
        area.select();
        done = document.execCommand("copy");
        area.remove();
      }
      say(done ? texts.copied : texts.copyFailed);
    });
    if (fold) {
      fold.hidden = false;
      fold.addEventListener("click", () => {
        const open = !table.classList.toggle("folded");
        fold.setAttribute("aria-expanded", open);
        refold();
      });
    }
    tools.hidden = false;
  };
  document.querySelectorAll(".table").forEach(setUp);

  /* A table wider than its place says how much of it is to the right. */
  document.querySelectorAll(".scroll").forEach((scroll) => {
    const more = scroll.previousElementSibling;
    const heads = [...scroll.querySelector("table").tHead.rows[0].cells];
    const tell = () => {
      const edge = scroll.getBoundingClientRect().right;
      const beyond = scroll.clientWidth ? heads.filter((head) => head.getBoundingClientRect().right > edge + 2).length : 0;
      more.hidden = !beyond;
      more.textContent = texts.more.replace("%", beyond);
      scroll.classList.toggle("beyond", beyond > 0);
    };
    scroll.addEventListener("scroll", tell, { passive: true });
    new ResizeObserver(tell).observe(scroll);
  });

  /* A link to a row that is filtered out or folded away brings it back. */
  const reveal = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    for (let box = target.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
    const row = target.closest("tbody tr");
    const place = row && row.closest(".table");
    if (row && row.hidden) {
      const search = place.querySelector("input[type=search]");
      search.value = "";
      search.dispatchEvent(new Event("input"));
    }
    if (row && row.matches(".folded .f")) place.querySelector("[data-do=fold]").click();
    if (row) {
      row.tabIndex = -1; /* so that the keyboard goes on from here */
      row.focus({ preventScroll: true });
      row.scrollIntoView({ block: "center" });
    } else if (target.closest("details.annex")) target.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  reveal();

  /* Charts. */
  const charts = read("charts");
  if (!window.vegaEmbed) return;
  const packed = read("schedule");
  const hour = 3600000;
  let hours = null;
  const schedule = () => {
    if (hours) return hours;
    const names = Object.keys(packed.columns ?? {});
    const length = names.length ? packed.columns[names[0]].length : 0;
    hours = Array.from({ length }, (_, i) => {
      const row = { t: packed.start + i * hour };
      for (const name of names) row[name] = packed.columns[name][i];
      return row;
    });
    return hours;
  };
  const tip = document.getElementById("tip");
  const tooltip = (handler, event, item, value) => {
    if (value === null || value === undefined || value === "") {
      tip.hidden = true;
      return;
    }
    const table = document.createElement("table");
    const pairs = typeof value === "object" ? Object.entries(value) : [["", value]];
    for (const [name, text] of pairs) {
      const row = table.insertRow();
      row.insertCell().textContent = name;
      row.insertCell().textContent = text;
    }
    tip.replaceChildren(table);
    tip.hidden = false;
    const x = Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 8);
    const y = event.clientY + 14 + tip.offsetHeight > innerHeight ? event.clientY - tip.offsetHeight - 10 : event.clientY + 14;
    tip.style.left = Math.max(4, x) + "px";
    tip.style.top = Math.max(4, y) + "px";
  };
  const options = {
    ast: true, actions: false, renderer: "svg", defaultStyle: false, tooltip,
    formatLocale: texts.number, timeFormatLocale: texts.time,
  };
  const explorer = { overview: null, detail: null, from: 0, days: 7 };
  const first = () => schedule()[0].t;
  const last = () => first() + schedule().length * hour;
  const day = (ms) => new Date(ms).toISOString().slice(0, 10);
  const slice = (from, to) => {
    const start = Math.max(0, Math.round((from - first()) / hour));
    return schedule().slice(start, Math.max(start + 2, Math.round((to - first()) / hour)));
  };
  const show = (from, to) => {
    explorer.from = from;
    explorer.days = (to - from) / (24 * hour);
    document.getElementById("explorer-range").textContent = day(from) + " ～ " + day(to - 1);
    for (const button of document.querySelectorAll("[data-days]"))
      button.setAttribute("aria-pressed", Math.abs(Number(button.dataset.days) - explorer.days) < 0.5);
    if (explorer.detail) explorer.detail.data("window", slice(from, to)).runAsync();
  };
  const choose = (from, days) => {
    const length = Math.min(days * 24 * hour, last() - first());
    const start = Math.min(Math.max(first(), from), last() - length);
    const view = explorer.overview;
    if (!view) return show(start, start + length);
    const x = view.scale("x");
    view.signal("window_x", [x(start), x(start + length)]).runAsync();
    show(start, start + length);
  };
  const connect = () => {
    const { overview, detail } = explorer;
    if (!detail) return;
    const tools = document.getElementById("explorer-tools");
    tools.hidden = false;
    tools.addEventListener("click", (event) => {
      const { days, move } = event.target.dataset;
      if (days) choose(explorer.from, Number(days));
      if (move) choose(explorer.from + Number(move) * explorer.days * 24 * hour, explorer.days);
    });
    if (!overview) return show(first(), last());
    let waiting = 0;
    overview.addSignalListener("window", (name, value) => {
      const range = value && value.t;
      if (!range) return;
      cancelAnimationFrame(waiting);
      waiting = requestAnimationFrame(() => {
        const from = first() + Math.round((range[0] - first()) / hour) * hour;
        const to = first() + Math.round((range[1] - first()) / hour) * hour;
        if (to - from >= 2 * hour) show(from, to);
      });
    });
    const chosen = overview.signal("window");
    if (chosen && chosen.t) show(Number(chosen.t[0]), Number(chosen.t[1]));
  };
  /* The map: a click on a parcel, or Enter on the one the arrows chose, leads to its row. */
  const leads = (place) => {
    const of = (node) => node.__data__?.datum?.properties ?? {};
    const parcels = () => [...place.querySelectorAll(".mark-shape path")].filter((node) => of(node).row);
    const go = (node) => {
      const { row } = of(node);
      if (!row) return;
      if (location.hash === "#" + row) reveal();
      else location.hash = row;
    };
    const middle = (node) => {
      const box = node.getBoundingClientRect();
      return [box.x + box.width / 2, box.y + box.height / 2];
    };
    let chosen = null; /* by its row: the marks are drawn anew when the window changes */
    let ring = null;
    const choose = (node) => {
      chosen = node ? of(node).row : null;
      if (ring) ring.remove();
      if (!node) return;
      ring = node.cloneNode();
      ring.setAttribute("class", "chosen");
      node.closest("svg > g").append(ring);
      ring.setAttribute("transform", matrix(node, ring.parentNode));
      say(Object.values(node.__data__.tooltip).join(" "));
    };
    const matrix = (node, parent) => {
      const { a, b, c, d, e, f } = parent.getScreenCTM().inverse().multiply(node.getScreenCTM());
      return `matrix(${a},${b},${c},${d},${e},${f})`;
    };
    const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const next = (from, [right, down]) => {
      const [x, y] = middle(from);
      let best = null;
      let least = Infinity;
      for (const node of parcels()) {
        const [dx, dy] = [middle(node)[0] - x, middle(node)[1] - y];
        const ahead = dx * right + dy * down;
        const far = ahead + 2 * Math.abs(dx * down + dy * right);
        if (ahead > 1 && far < least) [best, least] = [node, far];
      }
      return best;
    };
    place.setAttribute("role", "application");
    place.tabIndex = 0;
    place.addEventListener("click", (event) => go(event.target));
    place.addEventListener("blur", () => choose(null));
    place.addEventListener("keydown", (event) => {
      const all = parcels();
      const now = all.find((node) => of(node).row === chosen);
      if (event.key === "Enter" && now) go(now);
      else if (event.key in ways) choose(now ? next(now, ways[event.key]) ?? now : all[0]);
      else return;
      event.preventDefault();
    });
  };
  const pending = new Map();
  const draw = async (place) => {
    if (!pending.delete(place)) return;
    const chart = charts[place.dataset.chart];
    const spec = { ...chart.spec };
    const aspect = spec.usermeta && spec.usermeta.aspect; /* of a map, which has no height of its own */
    const tall = () => Math.min(chart.spec.height, Math.round(place.clientWidth * aspect));
    if (aspect) spec.height = tall();
    if (chart.uses.includes("schedule")) spec.datasets = { schedule: schedule() };
    if (chart.uses.includes("window")) spec.datasets = { window: schedule().slice(0, 168) };
    try {
      const { view } = await vegaEmbed(place, spec, options);
      /* The figure's own words say what it shows; its marks are no text to read out. */
      const svg = place.querySelector("svg");
      svg.setAttribute("aria-hidden", "true");
      for (const name of ["role", "aria-roledescription", "aria-label"]) svg.removeAttribute(name);
      if (chart.explorer) {
        explorer[chart.explorer] = view;
        if (explorer.detail && (explorer.overview || !charts["chart-overview"])) connect();
      }
      if (aspect) {
        leads(place);
        new ResizeObserver(() => { if (view.height() !== tall()) view.height(tall()).runAsync(); }).observe(place);
      }
      place.dataset.drawn = "yes";
    } catch (error) {
      place.dataset.drawn = "failed";
      place.textContent = texts.chartFailed + error.message;
      console.error(error);
    }
  };
  document.querySelectorAll(".plot").forEach((place) => pending.set(place, true));
  const near = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) draw(entry.target);
  }, { rootMargin: "300px" });
  for (const place of pending.keys()) near.observe(place);
  /* The rest one by one when the page is idle, so that printing finds every chart. */
  const idle = window.requestIdleCallback ?? ((run) => setTimeout(run, 30));
  const rest = async () => {
    const next = pending.keys().next();
    if (next.done) {
      root.dataset.charts = "drawn";
      return;
    }
    await draw(next.value);
    idle(rest, { timeout: 500 });
  };
  idle(rest, { timeout: 500 });
  addEventListener("beforeprint", () => { for (const place of [...pending.keys()]) draw(place); });
})();
