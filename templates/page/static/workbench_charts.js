"use strict";
/* Small charts as SVG, each with its numbers in a table for whoever cannot see it. */
(() => {
  const NS = "http://www.w3.org/2000/svg";
  const svg = (tag, attributes = {}, ...children) => {
    const made = document.createElementNS(NS, tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  };
  const html = (tag, attributes = {}, ...children) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name === "class") made.className = value;
      else made.setAttribute(name, value);
    }
    made.append(...children);
    return made;
  };
  const text = (x, y, words, anchor = "middle") => svg("text", { x, y, "text-anchor": anchor }, words);
  const short = (value) => Math.abs(value) >= 1e4 ? `${+(value / 1e3).toFixed(0)}k` : `${+value.toPrecision(3)}`;

  /* Round steps between two numbers. */
  const ticks = (low, high, count = 4) => {
    const raw = (high - low) / count || 1;
    const power = 10 ** Math.floor(Math.log10(raw));
    const step = [1, 2, 2.5, 5, 10].map((n) => n * power).find((n) => n >= raw * 0.999);
    const found = [];
    for (let at = Math.ceil(low / step - 1e-9) * step; at <= high + step * 1e-9; at += step) found.push(at);
    return found;
  };

  const legend = (rows) => html("ul", { class: "legend" }, ...rows.map((row) => {
    const key = svg("svg", { width: 12, height: 12, "aria-hidden": "true" });
    key.append(row.side === "line"
      ? svg("line", { x1: 0, x2: 12, y1: 6, y2: 6, stroke: row.colour, "stroke-width": 2, ...(row.dashed ? { "stroke-dasharray": "3 2" } : {}) })
      : svg("rect", { width: 12, height: 12, fill: row.colour }));
    return html("li", {}, key, ` ${row.title}`);
  }));

  const table = (caption, head, rows, words) => {
    const made = html("table", {},
      html("thead", {}, html("tr", {}, ...head.map((cell, n) => html("th", n ? { scope: "col", class: "n" } : { scope: "col" }, cell)))),
      html("tbody", {}, ...rows.map((row) => html("tr", {}, ...row.map((cell, n) => n ? html("td", { class: "n" }, cell) : html("th", { scope: "row" }, cell))))));
    return html("details", { class: "numbers" }, html("summary", {}, words), html("div", { class: "scroll" }, made));
  };

  /* Stacks above and below nothing, and lines over them; columns of one chart share one scale. */
  const stacks = (label, names, series, { width = 420, height = 200, gap = 0.2, every = 1 } = {}) => {
    const left = 38, right = 4, top = 8, bottom = 22;
    const lines = series.filter((one) => one.side === "line");
    const sums = (side) => names.map((_, n) => series.filter((one) => one.side === side).reduce((sum, one) => sum + one.values[n], 0));
    const high = Math.max(1e-9, ...sums("up"), ...lines.flatMap((one) => one.values));
    const low = -Math.max(0, ...sums("down"));
    const y = (value) => top + (high - value) / (high - low || 1) * (height - top - bottom);
    const step = (width - left - right) / names.length;
    const made = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label, class: "chart" });
    for (const at of ticks(low, high)) {
      made.append(svg("line", { x1: left, x2: width - right, y1: y(at), y2: y(at), class: at === 0 ? "zero" : "grid" }), text(left - 6, y(at) + 4, short(at), "end"));
    }
    names.forEach((name, n) => {
      const x = left + (n + gap / 2) * step, wide = step * (1 - gap);
      let up = 0, down = 0;
      for (const one of series) {
        const value = one.values[n];
        if (one.side === "line" || !(value > 0)) continue;
        const [from, to] = one.side === "up" ? [up, up += value] : [-down, -(down += value)];
        const bar = svg("rect", { x, width: wide, y: y(Math.max(from, to)), height: Math.abs(y(from) - y(to)), fill: one.colour });
        bar.append(svg("title", {}, `${name} ${one.title} ${short(value)}`));
        made.append(bar);
      }
      if (n % every === 0) made.append(text(left + (n + 0.5) * step, height - 6, name));
    });
    for (const one of lines) {
      const points = one.values.map((value, n) => `${left + (n + 0.5) * step},${y(value)}`).join(" ");
      made.append(svg("polyline", { points, fill: "none", class: one.main ? "main-line" : "", ...(one.main ? {} : { stroke: one.colour }), "stroke-width": 2, ...(one.dashed ? { "stroke-dasharray": "4 3" } : {}) }));
    }
    return made;
  };

  /* Items of cost, incomes to the left of nothing. */
  const bars = (rows) => {
    const high = Math.max(0, ...rows.map((row) => row.value)), low = Math.min(0, ...rows.map((row) => row.value));
    const at = (value) => (value - low) / (high - low || 1) * 100;
    return html("table", { class: "bars" }, html("tbody", {}, ...rows.map((row) => {
      const from = Math.min(at(0), at(row.value)), wide = Math.abs(at(row.value) - at(0));
      const bar = svg("svg", { viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" },
        svg("rect", { x: from, width: Math.max(wide, 0.4), y: 1, height: 8, fill: row.colour }),
        svg("line", { x1: at(0), x2: at(0), y1: 0, y2: 10, class: "zero" }));
      return html("tr", {}, html("th", { scope: "row" }, row.title), html("td", { class: "cost-bar" }, bar), html("td", { class: "n" }, row.text));
    })));
  };

  /* Points that can be chosen. */
  const scatter = (found, words, choose) => {
    const width = 640, height = 300, left = 70, right = 16, top = 12, bottom = 44;
    const range = (values) => { const low = Math.min(...values), high = Math.max(...values), pad = (high - low || Math.abs(high) || 1) * 0.08; return [low - pad, high + pad]; };
    const [x0, x1] = range(found.points.map((one) => one.x)), [y0, y1] = range(found.points.map((one) => one.y));
    const x = (value) => left + (value - x0) / (x1 - x0) * (width - left - right);
    const y = (value) => top + (y1 - value) / (y1 - y0) * (height - top - bottom);
    const made = svg("svg", { viewBox: `0 0 ${width} ${height}`, class: "chart front", role: "group", "aria-label": `${words.front} · ${found.title}` });
    for (const at of ticks(y0, y1)) made.append(svg("line", { x1: left, x2: width - right, y1: y(at), y2: y(at), class: "grid" }), text(left - 6, y(at) + 4, `${+at.toFixed(1)}`, "end"));
    for (const at of ticks(x0, x1, 5)) made.append(text(x(at), height - 26, `${+at.toFixed(1)}`));
    made.append(text((left + width) / 2, height - 6, `${found.title}（${found.unit}）`), text(left, top + 2, words.front, "start"));
    const sorted = [...found.points].sort((a, b) => a.x - b.x);
    made.append(svg("polyline", { points: sorted.map((one) => `${x(one.x)},${y(one.y)}`).join(" "), class: "front-line", fill: "none" }));
    for (const one of sorted) {
      const label = words.point.replace("{label}", `${one.x.toFixed(1)} ${found.unit}, ${one.y.toFixed(1)}`);
      const dot = svg("circle", { cx: x(one.x), cy: y(one.y), r: 6, tabindex: 0, role: "button", "aria-label": label });
      dot.append(svg("title", {}, label));
      dot.addEventListener("click", () => choose(one));
      dot.addEventListener("keydown", (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); choose(one); } });
      made.append(dot);
    }
    return made;
  };

  window.greenlandCharts = { html, svg, stacks, bars, legend, table, scatter };
})();
