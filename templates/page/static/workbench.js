"use strict";
(() => {
  const { ask, say, csrf } = window.greenland;
  const { html, stacks, bars, legend, table, scatter } = window.greenlandCharts;
  const bench = document.getElementById("bench");
  const words = JSON.parse(bench.dataset.words);
  const base = bench.dataset.base, file = bench.dataset.case;
  const tab = Array.from(crypto.getRandomValues(new Uint32Array(3)), (n) => n.toString(36)).join("");
  const of = (name, root = bench) => root.querySelector(`[data-of=${name}]`);
  const post = (path, content, signal) => ask(base + path, {
    method: "POST", signal, headers: { "Content-Type": "application/json" }, body: JSON.stringify({ case: file, ...content }),
  });
  const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));

  /* -- settings: in the address, so that a reload keeps them and each tab has its own -- */
  let settings = {};
  const read = () => {
    try {
      const found = JSON.parse(decodeURIComponent(location.hash.slice(1) || "%7B%7D"));
      return found && typeof found === "object" && !Array.isArray(found) ? found : {};
    } catch { return {}; }
  };
  const keep = () => history.replaceState(null, "", Object.keys(settings).length ? `#${encodeURIComponent(JSON.stringify(settings))}` : location.pathname + location.search);

  const knobs = new Map();
  const number = (text) => text.trim() === "" || !Number.isFinite(+text) ? null : +text;

  const setting = (knob) => {
    const value = of("number", knob.root) && number(of("number", knob.root).value);
    switch (knob.kind) {
      case "switch": return of("switch", knob.root).checked;
      case "choice": return of("choice", knob.root).value || null;
      case "size": case "connection": {
        const fixed = of("mode", knob.root).value === "fixed";
        if (fixed) return { fixed: value ?? 0 };
        return { least: knob.value.least ?? 0, most: value };
      }
      case "factor": {
        const chosen = of("file", knob.root) && of("file", knob.root).value;
        return chosen ? { file: chosen, factor: value ?? 1 } : value ?? 1;
      }
      default: return value;
    }
  };

  const show = (knob, value) => {
    const field = of("number", knob.root), range = of("range", knob.root);
    let shown = value;
    if (knob.kind === "switch") of("switch", knob.root).checked = value;
    else if (knob.kind === "choice") of("choice", knob.root).value = value ?? "";
    else if (knob.kind === "size" || knob.kind === "connection") {
      of("mode", knob.root).value = "fixed" in value ? "fixed" : "free";
      shown = "fixed" in value ? value.fixed : value.most;
    } else if (knob.kind === "factor" && value && typeof value === "object") {
      const choice = of("file", knob.root);
      if (choice && ![...choice.options].some((one) => one.value === value.file)) choice.append(new Option(value.file, value.file));
      if (choice) choice.value = value.file;
      shown = value.factor ?? 1;
    } else if (knob.kind === "factor" && of("file", knob.root)) of("file", knob.root).value = "";
    if (field) field.value = shown ?? "";
    if (range) range.value = shown ?? range.max;
    mark(knob);
  };

  const mark = (knob) => {
    const changed = knob.key in settings;
    knob.root.classList.toggle("changed", changed);
    of("reset", knob.root).hidden = !changed;
    const group = knob.root.closest(".bench-group");
    const count = group.querySelectorAll(".knob.changed").length;
    of("changed", group).hidden = !count;
    of("changed", group).textContent = count || "";
    document.getElementById("reset-all").disabled = !Object.keys(settings).length;
  };

  const turned = (knob, now = false) => {
    const value = setting(knob);
    if (same(value, knob.value)) delete settings[knob.key];
    else settings[knob.key] = value;
    mark(knob);
    keep();
    later(now ? 0 : 150);
  };

  for (const root of bench.querySelectorAll(".knob")) {
    const knob = { root, key: root.dataset.key, kind: root.dataset.kind, value: JSON.parse(root.dataset.value) };
    knobs.set(knob.key, knob);
    const field = of("number", root), range = of("range", root);
    if (range) range.addEventListener("input", () => { field.value = range.value; turned(knob); });
    if (field) field.addEventListener("input", () => { if (range) range.value = field.value; turned(knob); });
    for (const name of ["switch", "choice", "mode", "file"]) {
      const control = of(name, root);
      if (!control) continue;
      control.addEventListener("change", () => {
        // what was the best size is what is given at first, and a given one is free to grow
        if (name === "mode" && control.value === "fixed" && "most" in knob.value) {
          const best = sizeOf(knob.key);
          if (best !== null) { field.value = +best.toFixed(2); if (range) range.value = field.value; }
        } else if (name === "mode" && "fixed" in knob.value) {
          field.value = range ? range.max : 2 * knob.value.fixed;
          if (range) range.value = field.value;
        } else if (name === "mode") {
          field.value = knob.value.most ?? "";
          if (range) range.value = field.value || range.max;
        }
        turned(knob, true);
      });
    }
    of("reset", root).addEventListener("click", () => { delete settings[knob.key]; show(knob, knob.value); keep(); later(0); if (field) field.focus(); });
    const drop = of("upload", root);
    if (drop) {
      drop.addEventListener("change", () => { if (drop.files.length) upload(knob, drop.files[0]); drop.value = ""; });
      const target = drop.closest(".bench-drop");
      for (const kind of ["dragover", "dragleave", "drop"]) target.addEventListener(kind, (event) => {
        event.preventDefault();
        target.classList.toggle("over", kind === "dragover");
        if (kind === "drop" && event.dataTransfer.files.length) upload(knob, event.dataTransfer.files[0]);
      });
    }
  }
  document.getElementById("reset-all").addEventListener("click", () => { settings = {}; knobs.forEach((knob) => show(knob, knob.value)); keep(); later(0); });

  const upload = async (knob, given, force = false) => {
    const form = new FormData();
    form.set("file", given);
    form.set("csrf", csrf);
    if (force) form.set("force", "yes");
    try {
      const found = await ask(`${base}curve`, { method: "POST", body: form });
      knobs.forEach((one) => {
        const choice = of("file", one.root);
        if (choice) for (const name of found.files) if (name !== one.root.dataset.file && ![...choice.options].some((option) => option.value === name)) choice.append(new Option(name, name));
      });
      const choice = of("file", knob.root);
      choice.value = knob.root.dataset.file === found.file ? "" : found.file;
      remarks = words.uploaded.replace("{name}", found.file);
      turned(knob, true);
    } catch (error) {
      const taken = (error.content && error.content.problems || []).some((one) => one.code === "curve_taken");
      if (taken && !force && confirm(words.overwrite.replace("{text}", error.message))) upload(knob, given, true);
      else fault(error);
    }
  };

  /* -- sizing: the newest change wins -- */
  let serial = 0, timer = 0, current = null, last = null, first = null, remarks = "", job = null;
  const sizeOf = (key) => {
    if (!last || !last.sizes) return null;
    const [kind, owner, field] = key.split(".");
    const label = kind === "grid" ? "grid" : { max_mw: kind === "storages" ? `${owner}_power` : owner, max_mwh: `${owner}_energy`, max_charge_mw: `${owner}_charge_power` }[field];
    const found = last.sizes.find((one) => one.key === label);
    return found ? found.value : null;
  };
  const later = (ms) => { clearTimeout(timer); timer = setTimeout(size, ms); };
  const working = (yes) => { bench.classList.toggle("working", yes); of("figures").setAttribute("aria-busy", yes); };

  const size = async () => {
    if (current) current.abort();
    stop();
    const controller = current = new AbortController(), mine = ++serial, asked = { ...settings };
    working(true);
    const began = performance.now();
    watch(began, mine);
    try {
      const found = await post("size", { settings: asked, tab, serial: mine }, controller.signal);
      if (mine !== serial || found.overtaken) return;
      working(false);
      found.waited = (performance.now() - began) / 1000;
      draw(found, asked);
    } catch (error) {
      if (error.name === "AbortError" || mine !== serial) return;
      working(false);
      fault(error);
    }
  };

  /* What takes longer says what it is at. */
  const watch = async (began, mine) => {
    for (await wait(700); mine === serial && bench.classList.contains("working"); await wait(500)) {
      const told = await post("doing", { tab }).catch(() => ({ text: "" }));
      if (mine !== serial || !bench.classList.contains("working")) return;
      of("took").textContent = [words.sizing.replace("{n}", Math.round((performance.now() - began) / 1000)), told.text].filter(Boolean).join("：");
    }
  };

  const tell = (kind, ...children) => {
    const told = document.getElementById("told");
    told.className = `note ${kind}`;
    told.hidden = !children.length;
    told.replaceChildren(...children);
  };
  const fault = (error) => {
    const problems = (error.content && error.content.problems) || [];
    const rows = problems.map((one) => html("li", {}, one.what || one.message));
    tell("failed", html("p", {}, problems.length ? words.failed : error.message), html("ul", { class: "problems" }, ...rows));
    badge("failed", words.failed);
    say(`${words.failed} ${problems.map((one) => one.message).join(" ") || error.message}`);
  };
  const badge = (kind, text) => { const shown = of("status"); shown.className = `badge ${kind}`; shown.textContent = text; };

  const stop = () => { if (job) { ask(`/jobs/${job}/cancel`, { method: "POST" }).catch(() => {}); job = null; } };

  const patiently = async (asked, mine) => {
    await wait(1200);  // not for a knob that is still being turned
    if (mine !== serial) return;
    try {
      const begun = await post("patient", { settings: asked, tab });
      job = begun.id;
      for (;;) {
        await wait(500);
        if (mine !== serial || job !== begun.id) return;
        const state = await ask(`/jobs/${begun.id}`);
        of("took").textContent = words.took.replace("{n}", Math.round(state.seconds));
        if (state.under_way) continue;
        job = null;
        if (state.state === "done") size();
        else if (state.state === "failed") fault(new Error(state.reason));
        return;
      }
    } catch (error) { if (mine === serial) fault(error); }
  };

  const explain = async (asked, mine, notes) => {
    const why = html("p", {}, words.why);
    tell("failed", html("p", {}, html("strong", {}, words.infeasible)), ...notes.map((note) => html("p", {}, note)), why);
    try {
      const found = await post("reasons", { settings: asked, tab, serial: mine });
      if (mine !== serial) return;
      why.replaceChildren(found.text);
      say(`${words.infeasible} ${found.text}`);
    } catch (error) { if (mine === serial) why.replaceChildren(error.message); }
  };

  /* -- what it came to -- */
  const draw = (found, asked) => {
    last = found;
    bench.dataset.serial = serial;
    bench.classList.toggle("without", !found.sizes);
    if (found.state === "open") {
      badge("no_data", words.working);
      tell("warning", html("p", {}, words.open));
      say(words.open);
      patiently(asked, serial);
      return;
    }
    of("took").textContent = words.took.replace("{n}", found.waited.toFixed(2));
    const solved = Boolean(found.sizes);
    badge(solved ? "met" : "failed", [found.status, found.gap].filter(Boolean).join("；"));
    if (!solved) { say([words.infeasible, ...found.notes].join(" ")); explain(asked, serial, found.notes); return; }
    if (!first && !Object.keys(asked).length) first = found;
    const notes = [...(found.warnings || [])];
    if (remarks) { notes.unshift(remarks + (notes.length ? "" : words.clean)); remarks = ""; }
    tell(notes.length ? "warning" : "", ...(notes.length ? [html("ul", { class: "problems" }, ...notes.map((one) => html("li", {}, one)))] : []));
    const before = (list, key) => first && first !== found && (first[list].find((one) => one.key === key) || null);
    of("figures").replaceChildren(...found.head.map((one) => {
      const was = before("head", one.key);
      return html("div", {}, html("dt", {}, one.title), html("dd", {}, html("strong", {}, one.text), ` ${one.unit}`, ...(was && was.text !== one.text ? [html("small", {}, words.base.replace("{text}", was.text))] : [])));
    }));
    of("sizes").replaceChildren(sized(found.sizes, before));
    of("shares").replaceChildren(shares(found.shares, before));
    of("checks").replaceChildren(lights(found.checks));
    of("costs").replaceChildren(bars(found.costs));
    of("tariff").textContent = found.tariff;
    document.getElementById("tariffs").replaceChildren(...found.tariffs.map((one) => html("li", {}, html("span", {}, one.title), html("span", {}, one.text))));
    months(found.months);
    const day = document.getElementById("day");
    [day.min, day.max] = found.days;
    if (!day.value || day.value < day.min || day.value > day.max) day.value = middle(found.days);
    look();
    say(words.done.replace("{head}", found.head.map((one) => `${one.title} ${one.text} ${one.unit}`).join("，")));
  };

  const middle = ([from, to]) => new Date((Date.parse(from) + Date.parse(to)) / 2).toISOString().slice(0, 10);
  const row = (title, value, was) => html("tr", {}, html("th", { scope: "row" }, title), html("td", { class: "n" }, value, ...(was ? [html("small", {}, words.base.replace("{text}", was))] : [])));
  const sized = (rows, before) => html("table", {}, html("tbody", {}, ...rows.map((one) => {
    const was = before("sizes", one.key);
    return row(one.title, `${one.text} ${one.unit}`, was && was.text !== one.text ? was.text : "");
  })));
  const shares = (rows, before) => html("table", {}, html("tbody", {}, ...rows.map((one) => {
    const was = before("shares", one.key);
    return row(one.title, one.text, was && was.text !== one.text ? was.text : "");
  })));
  const lights = (rows) => html("ul", { class: "lights" }, ...rows.map((one) => html("li", {},
    html("span", { class: `badge ${one.state}` }, one.state_title), html("span", {}, ` ${one.title} `, html("strong", {}, one.value), ` ${one.required}`, html("small", {}, [one.source, one.reason].filter(Boolean).join(" · "))))));

  const COLOURS = { own: "#0F766E", import: "#70757F", export: "#A8407F", curtailment: "#A58A00", unserved: "#B5381B" };
  const months = (rows) => {
    const names = rows.map((one) => words.month.replace("{n}", one.month));
    const series = ["own", "import", "unserved", "export", "curtailment"]
      .map((key) => ({ title: words[key], colour: COLOURS[key], side: ["export", "curtailment"].includes(key) ? "down" : "up", values: rows.map((one) => Math.max(0, one[key])) }))
      .filter((one) => one.values.some((value) => value > 0));
    const title = document.getElementById("months-title").textContent;
    const cells = rows.map((one, n) => [names[n], ...series.map((part) => part.values[n].toFixed(0)), one.load.toFixed(0)]);
    of("months").replaceChildren(stacks(title, names, series), legend(series), table(title, [words.months, ...series.map((one) => one.title), words.load], cells, words.numbers));
  };

  let looking = 0;
  const look = async () => {
    const mine = ++looking, asked = { ...settings }, now = serial;
    const day = document.getElementById("day").value;
    if (!day) return;
    try {
      const found = await post("day", { settings: asked, day });
      if (mine !== looking || now !== serial) return;
      const series = found.series.map((one) => ({ ...one, main: one.key === "load", dashed: one.unit === "MWh", values: one.values.map((value) => one.side === "line" ? value : Math.max(0, value)) }));
      const powers = series.filter((one) => one.unit !== "MWh");
      const title = `${document.getElementById("day-title").textContent} ${found.day}`;
      const cells = found.times.map((time, n) => [time, ...series.map((one) => one.values[n].toFixed(2))]);
      of("day").replaceChildren(stacks(title, found.times, powers, { gap: 0.05, every: Math.ceil(found.times.length / 8) }), legend(powers.map((one) => one.main ? { ...one, colour: "currentColor" } : one)),
        table(title, [words.time, ...series.map((one) => `${one.title} ${one.unit}`)], cells, words.numbers));
    } catch (error) { if (mine === looking) of("day").replaceChildren(error.message); }
  };
  const move = (days) => {
    const day = document.getElementById("day");
    const to = new Date(Date.parse(day.value) + days * 864e5).toISOString().slice(0, 10);
    if (to >= day.min && to <= day.max) { day.value = to; look(); }
  };
  document.getElementById("day").addEventListener("change", look);
  document.getElementById("day-before").addEventListener("click", () => move(-1));
  document.getElementById("day-after").addEventListener("click", () => move(1));

  /* -- cards -- */
  const list = bench.querySelector(".cards");
  const drawCards = (cards) => {
    if (!cards.length) { list.replaceChildren(html("li", { class: "meta" }, list.dataset.none)); return; }
    list.replaceChildren(...cards.map((card) => {
      const count = Object.keys(card.settings).length;
      const box = html("input", { type: "checkbox", name: "card", value: card.name });
      const button = (text, act) => { const made = html("button", { type: "button", "aria-label": `${text} ${card.name}` }, text); made.addEventListener("click", act); return made; };
      return html("li", { class: "card" },
        html("label", { class: "line" }, box, html("strong", {}, card.name)),
        html("span", { class: "meta" }, list.dataset.count.replace("{n}", count)),
        html("span", { class: "actions" },
          button(list.dataset.open, () => { apply(card.settings); window.scrollTo({ top: 0 }); }),
          html("a", { class: "button", href: `${base}case.yaml?case=${encodeURIComponent(file)}&card=${encodeURIComponent(card.name)}`, "aria-label": `${list.dataset.download} ${card.name}` }, list.dataset.download),
          button(list.dataset.export, () => write(card.name)),
          button(list.dataset.remove, async () => {
            if (!confirm(words.remove.replace("{name}", card.name))) return;
            try { drawCards((await post("cards/remove", { name: card.name })).cards); say(words.removed.replace("{name}", card.name)); } catch (error) { fault(error); }
          })));
    }));
  };
  const apply = (found) => {
    settings = {};
    for (const [key, value] of Object.entries(found)) if (knobs.has(key) && !same(value, knobs.get(key).value)) settings[key] = value;
    knobs.forEach((knob) => show(knob, knob.key in settings ? settings[knob.key] : knob.value));
    keep();
    later(0);
  };
  const write = async (name, force = false) => {
    try {
      const found = await post("cards/export", { name, force });
      tell("", html("p", {}, words.written.replace("{name}", found.file)));
      say(words.written.replace("{name}", found.file));
    } catch (error) {
      const taken = (error.content && error.content.problems || []).some((one) => one.code === "card_exported");
      if (taken && !force && confirm(words.overwrite.replace("{text}", error.message))) write(name, true);
      else fault(error);
    }
  };
  const save = async (name, force = false) => {
    try {
      drawCards((await post("cards", { name, settings, force })).cards);
      document.getElementById("card-name").value = "";
      say(words.saved.replace("{name}", name));
    } catch (error) {
      const taken = (error.content && error.content.problems || []).some((one) => one.code === "card_taken");
      if (taken && !force && confirm(words.overwrite.replace("{text}", error.message))) save(name, true);
      else fault(error);
    }
  };
  document.getElementById("save").addEventListener("submit", (event) => { event.preventDefault(); save(document.getElementById("card-name").value); });
  document.getElementById("compare").addEventListener("submit", (event) => {
    event.target.elements.tab.value = tab;
    if (!list.querySelector("input:checked")) { event.preventDefault(); tell("warning", html("p", {}, words.choose)); say(words.choose); }
  });
  document.getElementById("download").addEventListener("click", (event) => {
    event.currentTarget.href = `${base}case.yaml?case=${encodeURIComponent(file)}&settings=${encodeURIComponent(JSON.stringify(settings))}`;
  });

  /* -- front -- */
  let fronting = null;
  const bar = document.getElementById("front-progress"), cancel = document.getElementById("front-cancel"), begin = document.getElementById("front-button");
  const busy = (yes) => { bar.hidden = cancel.hidden = !yes; begin.disabled = yes; };
  begin.addEventListener("click", async () => {
    const asked = { ...settings };
    busy(true);
    bar.removeAttribute("value");
    try {
      const begun = await post("front", { settings: asked, tab, against: document.getElementById("against").value });
      fronting = begun.id;
      for (;;) {
        await wait(500);
        const state = await ask(`/jobs/${begun.id}`);
        if (state.total) { bar.max = state.total; bar.value = state.done; }
        if (state.under_way) continue;
        if (state.state === "failed") throw new Error(state.reason);
        if (state.state === "done") {
          const found = await ask(`${base}front/${begun.id}`);
          of("front").replaceChildren(scatter(found, words, (one) => { apply({ ...asked, ...one.settings }); window.scrollTo({ top: 0 }); }));
        }
        break;
      }
    } catch (error) { of("front").replaceChildren(html("p", { class: "note failed" }, error.message)); say(error.message); }
    busy(false);
  });
  cancel.addEventListener("click", () => { if (fronting) ask(`/jobs/${fronting}/cancel`, { method: "POST" }).catch(() => {}); });

  /* On a phone the groups are opened one by one, so that results are not far below. */
  if (matchMedia("(max-width: 820px)").matches) bench.querySelectorAll(".bench-group").forEach((group) => { group.open = false; });
  window.addEventListener("hashchange", () => apply(read()));
  window.addEventListener("pagehide", stop);
  drawCards(JSON.parse(list.dataset.cards));
  (async () => {
    const kept = read();
    if (Object.keys(kept).length) {  // what the case itself comes to stands beside the figures
      const found = await post("size", { settings: {}, tab: `${tab}-base`, serial: 1 }).catch(() => null);
      if (found && found.sizes) first = found;
    }
    apply(kept);
  })();
})();
