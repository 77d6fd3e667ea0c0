"use strict";
(() => {
  let data = JSON.parse(document.getElementById("data").textContent);

  // ---- making elements: text is set as text, never as markup ---------------------------------

  function fill(made, attributes, children) {
    for (const [name, value] of Object.entries(attributes)) {
      if (value != null) {
        made.setAttribute(name, value);
      }
    }
    made.append(...children.flat().filter((child) => child != null));
    return made;
  }

  const el = (name, attributes = {}, ...children) =>
    fill(document.createElement(name), attributes, children);
  const shape = (name, attributes = {}, ...children) =>
    fill(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
  const on = (target, event, action) => {
    target.addEventListener(event, action);
    return target;
  };
  const hidden = (text) => el("span", { class: "hidden" }, text);

  // ---- numbers and times for people -----------------------------------------------------------

  const grouped = (count) => (count == null ? "–" : Number(count).toLocaleString("en-US"));
  function number(value, digits = 6) {
    if (value == null) {
      return "–";
    }
    const short = Number(value.toPrecision(digits));
    return short !== 0 && Math.abs(short) < 1e-4 ? short.toExponential() : String(short);
  }
  const iso = (seconds) => new Date(seconds * 1000).toISOString();
  const minute = (seconds) => iso(seconds).slice(0, 16).replace("T", " ") + " UTC";

  // Six digits of a number, as many as there are of anything else.
  function rounded(text) {
    return /^-?\d+\.\d+(e[-+]?\d+)?$/i.test(text) ? number(Number(text)) : text;
  }

  const sum = (values) => values.reduce((total, value) => total + value, 0);
  const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

  // ---- months -----------------------------------------------------------------------------------

  function monthName(place) {
    const [year, month] = data.first.split("-").map(Number);
    const all = year * 12 + month - 1 + place;
    return String(Math.floor(all / 12)).padStart(4, "0") + "-" + String(all % 12 + 1).padStart(2, "0");
  }

  function monthPlace(name) {
    const [year, month] = name.split("-").map(Number);
    const [firstYear, firstMonth] = data.first.split("-").map(Number);
    return (year - firstYear) * 12 + month - firstMonth;
  }

  // Returns the years and the places of their months, such as [["2024", [0, 1, 2]]].
  function years() {
    const all = new Map();
    for (let place = 0; place < data.months; place++) {
      const year = monthName(place).slice(0, 4);
      all.set(year, [...(all.get(year) ?? []), place]);
    }
    return [...all];
  }

  // ---- a map of months: a row for each pair, years fold -----------------------------------------

  const MONTHS_IN_VIEW = 18;
  // What a folded year shows is what is worst in it.
  const ORDER = ["failed", "wrong", "hole", "stale", "missing", "low", "unseen", "running", "middle",
    "high", "full", "done", "none"];

  /**
   * Makes a map in a place of the page.
   *
   * of.rows() names its rows; of.cell(row, month) returns {tone, sign, text}, or null where there is
   * nothing; of.chosen(row, month) is told what was gone to.
   */
  function makeMap(place, of) {
    const unfolded = new Set();
    let fresh = true;
    let chosen = null;
    let lines = [];
    let current = null;

    const key = (row, month) => row + "|" + month;

    function worst(row, places) {
      const all = places.map((month) => of.cell(row, month)).filter((cell) => cell);
      if (!all.length) {
        return null;
      }
      all.sort((a, b) => ORDER.indexOf(a.tone) - ORDER.indexOf(b.tone) || (a.share ?? 0) - (b.share ?? 0));
      const counts = new Map();
      all.forEach((cell) => counts.set(cell.kind, (counts.get(cell.kind) ?? 0) + 1));
      return { ...all[0], text: [...counts].map(([kind, count]) => count + " " + kind).join(", ") };
    }

    function button(row, month, cell, year) {
      const made = el("button", {
        type: "button",
        class: "cell " + cell.tone + (year ? " year" : ""),
        tabindex: "-1",
        title: year ? year + ": " + cell.text : null,
        "aria-label": of.name(row) + " " + (year ?? monthName(month)) + ": " + cell.text
          + (year ? "; folded" : ""),
        "aria-pressed": year ? null : String(chosen === key(row, month)),
      }, cell.sign);
      made.at = { row, month, year };
      on(made, "focus", () => !year && of.show(row, month));
      on(made, "mouseenter", () => !year && of.show(row, month));
      on(made, "click", () => (year ? unfold(year, row) : choose(row, month)));
      return made;
    }

    function unfold(year, row) {
      unfolded.add(year);
      draw();
      const places = years().find(([name]) => name === year)[1];
      const tones = places.map((month) => of.cell(row, month)?.tone);
      const at = ORDER.map((tone) => tones.indexOf(tone)).find((index) => index >= 0);
      if (at !== undefined) {
        goTo(find(row, places[at]));
      }
    }

    function find(row, month) {
      return lines.flat().find((cell) => cell?.at.row === row && cell.at.month === month && !cell.at.year);
    }

    // One cell of the map is in the order of the Tab key, the one that was last gone to.
    function goTo(cell) {
      current.tabIndex = -1;
      current = cell;
      current.tabIndex = 0;
      current.focus();
      current.scrollIntoView({ block: "nearest", inline: "nearest" });
    }

    function choose(row, month) {
      unfolded.add(monthName(month).slice(0, 4));
      chosen = key(row, month);
      draw();
      of.show(row, month);
      const cell = find(row, month);
      if (cell) {
        goTo(cell);
      }
    }

    function draw() {
      const all = years();
      if (fresh && all.length) {
        fresh = false;
        const [newest, months] = all[all.length - 1];
        unfolded.add(newest);
        if (all.length > 1 && (data.months <= MONTHS_IN_VIEW || months.length < 4)) {
          unfolded.add(all[all.length - 2][0]);
        }
      }
      const had = place.contains(document.activeElement) ? document.activeElement.at : null;
      const scrolled = place.querySelector(".scroll");
      const left = scrolled?.scrollLeft;
      const heading = el("tr", {}, el("th", { scope: "col", rowspan: "2" }, "pair"));
      const under = el("tr");
      for (const [year, places] of all) {
        const isOpen = unfolded.has(year);
        const fold = on(el("button", { type: "button", class: "fold", "aria-expanded": String(isOpen) }, year),
          "click", () => {
            if (!unfolded.delete(year)) {
              unfolded.add(year);
            }
            draw();
            [...place.querySelectorAll(".fold")].find((one) => one.textContent === year)?.focus();
          });
        heading.append(el("th", { scope: "colgroup", colspan: String(isOpen ? places.length : 1), class: "begins" }, fold));
        if (isOpen) {
          places.forEach((month, i) => under.append(
            el("th", { scope: "col", class: i === 0 ? "begins" : null }, monthName(month).slice(5))));
        } else {
          under.append(el("th", { scope: "col", class: "begins" },
            el("span", { "aria-hidden": "true" }, "▸"), hidden("folded")));
        }
      }
      lines = [];
      const body = el("tbody");
      for (const row of of.rows()) {
        const line = [];
        const tr = el("tr", {}, el("th", { scope: "row" }, of.name(row)));
        const add = (cell, begins) => {
          line.push(cell);
          tr.append(el("td", { class: [begins ? "begins" : "", cell ? "" : "none"].join(" ").trim() || null },
            cell ?? hidden("no bars")));
        };
        for (const [year, places] of all) {
          if (unfolded.has(year)) {
            places.forEach((month, i) => {
              const cell = of.cell(row, month);
              add(cell && button(row, month, cell), i === 0);
            });
          } else {
            const cell = worst(row, places);
            add(cell && button(row, places[0], cell, year), true);
          }
        }
        lines.push(line);
        body.append(tr);
      }
      if (!lines.flat().some((cell) => cell)) {
        place.replaceChildren(el("p", {}, of.none));
        return;
      }
      const table = el("table", { class: "map", role: "grid", "aria-label": of.label() },
        el("thead", {}, heading, under), body);
      on(table, "keydown", move);
      const scroll = el("div", { class: "scroll" }, table);
      place.replaceChildren(scroll);
      scroll.scrollLeft = left ?? scroll.scrollWidth;
      const cells = lines.flat().filter((cell) => cell);
      const same = (at) => cells.find((cell) => cell.at.row === at.row && cell.at.month === at.month && cell.at.year === at.year);
      current = (current?.at && same(current.at)) ?? cells[cells.length - 1];
      current.tabIndex = 0;
      if (had && same(had)) {
        same(had).focus();
      }
    }

    function move(event) {
      const cell = event.target.closest("tbody button");
      const steps = {
        ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1],
      }[event.key];
      if (!cell || (!steps && event.key !== "Home" && event.key !== "End")) {
        return;
      }
      event.preventDefault();
      const line = lines.find((one) => one.includes(cell));
      if (!steps) {
        const there = line.filter((one) => one);
        goTo(event.key === "End" ? there[there.length - 1] : there[0]);
        return;
      }
      let y = lines.indexOf(line);
      let x = line.indexOf(cell);
      do {
        y += steps[0];
        x += steps[1];
      } while (lines[y] && x >= 0 && x < lines[y].length && !lines[y][x]);
      goTo(lines[y]?.[x] ?? cell);
    }

    // Shows a cell without going there: the page begins at its top.
    function open(row, month) {
      unfolded.add(monthName(month).slice(0, 4));
      chosen = key(row, month);
      current = { at: { row, month } };
      draw();
      of.show(row, month);
      const scroll = place.querySelector(".scroll");
      scroll.scrollLeft = scroll.scrollWidth;
      const cell = find(row, month);
      const hiddenBy = cell ? scroll.getBoundingClientRect().left + 100 - cell.getBoundingClientRect().left : 0;
      if (hiddenBy > 0) {
        scroll.scrollLeft -= hiddenBy + scroll.clientWidth / 3;
      }
    }

    return { draw, choose, open };
  }

  // Writes names and values; a value may be [text, full text].
  function showFacts(panel, facts) {
    panel.replaceChildren(el("dl", {}, ...facts.map(([name, value, full, width]) =>
      el("div", { class: width ?? (name === "partition" || value.length > 60 ? "wide" : null) },
        el("dt", {}, name),
        el("dd", { title: full != null && full !== value ? full : null }, value)))));
  }

  // ---- bars -------------------------------------------------------------------------------------

  function coverageCell(pair, month) {
    const bars = data.bars[pair][month];
    const lacking = data.lacking[pair][month];
    if (!bars) {
      const own = data.bars[pair];
      const isHole = own.slice(0, month).some((count) => count) && own.slice(month).some((count) => count);
      return isHole ? { tone: "hole", sign: "∅", kind: "without bars", text: "no bars, and bars before and after" } : null;
    }
    if (lacking < 0) {
      return { tone: "unseen", sign: "?", kind: "not looked at", text: grouped(bars) + " bars, gaps not looked for" };
    }
    const share = Math.floor(1000 * bars / (bars + lacking)) / 10;
    const tone = lacking === 0 ? "full" : share >= 99 ? "high" : share >= 90 ? "middle" : "low";
    return {
      tone,
      share,
      sign: lacking === 0 ? "✓" : String(Math.floor(share)),
      kind: lacking === 0 ? "complete" : "with minutes missing",
      text: lacking === 0 ? "complete" : share + " per cent, " + grouped(lacking) + " minutes missing",
    };
  }

  const coverage = makeMap(document.getElementById("coverage"), {
    label: () => "Bars",
    none: "No bars.",
    rows: () => data.pairs.map((_, i) => i).filter((i) => data.pairs[i] !== "market"),
    name: (pair) => data.pairs[pair],
    cell: coverageCell,
    show: (pair, month) => {
      const bars = data.bars[pair][month];
      const lacking = data.lacking[pair][month];
      const facts = [["month", data.pairs[pair] + " " + monthName(month)], ["bars", grouped(bars)]];
      if (lacking >= 0) {
        facts.push(["minutes missing", grouped(lacking)],
          ["complete", number(100 * bars / (bars + lacking), 5) + " %", String(100 * bars / (bars + lacking)) + " %"]);
      }
      // A gap of months is one of each of them.
      const name = monthName(month);
      const gaps = data.gaps.filter(([of, from, to]) =>
        of === pair && iso(from).slice(0, 7) <= name && name <= iso(to - 1).slice(0, 7));
      gaps.slice(0, 5)
        .forEach(([, from, to, minutes, state]) => facts.push([state + " gap",
          minute(from).slice(0, 16) + " to " + minute(to).slice(0, 16) + ", " + grouped(minutes) + " open minutes", null, "wide"]));
      if (gaps.length > 5) {
        facts.push(["shorter gaps", "./bqx gaps lists them", null, "wide"]);
      }
      showFacts(document.getElementById("coverage-facts"), facts);
    },
  });

  // Opens it at the newest hole, or at the month that lacks most.
  function openCoverage() {
    let worst = null;
    data.pairs.forEach((name, pair) => {
      for (let month = 0; name !== "market" && month < data.months; month++) {
        const cell = coverageCell(pair, month);
        const rank = cell?.tone === "hole" ? -month : cell?.share ?? 100;
        if (cell && rank < (worst?.rank ?? 99)) {
          worst = { pair, month, rank };
        }
      }
    });
    if (worst) {
      coverage.open(worst.pair, worst.month);
    } else {
      coverage.draw();
    }
  }

  // ---- partitions -------------------------------------------------------------------------------

  const STATES = {
    d: ["done", "✓", "done"], r: ["running", "▸", "running"], m: ["missing", "·", "missing"],
    s: ["stale", "~", "stale"], f: ["failed", "✕", "failed"], n: ["no bars", "∅", "hole"],
    q: ["no quotes, which this family is made of", "∅", "hole"], a: ["unreachable", "?", "failed"],
  };
  const PROOFS = {
    v: "verified", x: "differs", u: "not checked", c: "computed since, not verified", "-": "not verified",
  };
  let family = data.opensAt?.[0] ?? data.families[0]?.name;

  const ofFamily = () => data.families.find((one) => one.name === family);
  const lineOf = (pair) => ofFamily()?.lines.find((line) => line.pair === pair);

  function stateCell(pair, month) {
    const line = lineOf(pair);
    const letter = line?.states[month] ?? " ";
    if (letter === " ") {
      return null;
    }
    const [state, sign, tone] = STATES[letter];
    const proof = line.proofs[month];
    // What is stale or failed says so itself: that it differs, too, is no news.
    const isWrong = proof === "u" || (proof === "x" && letter === "d");
    return {
      tone: isWrong ? "wrong" : tone,
      sign: isWrong ? (proof === "x" ? "≠" : "?") : sign,
      kind: isWrong ? PROOFS[proof] : state,
      text: state + ", " + PROOFS[proof],
    };
  }

  function stateFacts(pair, month) {
    const own = ofFamily();
    const line = lineOf(pair);
    const letter = line.states[month];
    const proof = line.proofs[month];
    const bars = data.bars[pair][month];
    const rows = month in line.rows ? line.rows[month] : bars;
    const seconds = line.seconds[month];
    const reason = own.reasons[line.reasons[month]];
    const facts = [
      ["partition", [family, data.pairs[pair], monthName(month)].join(" ")],
      ["state", STATES[letter][0]],
    ];
    if (reason != null && proof !== "u") {
      facts.push(["reason", reason]);
    }
    for (const [column, time, found, expected, check, allFound, allExpected] of line.differences[month] ?? []) {
      const text = (one, other) => [column, time && "at " + time].filter((part) => part).join(" ")
        + (column || time ? ": " : "") + "found " + one + (other ? ", expected " + other : "");
      facts.push(["differs: " + check, text(found, expected), text(allFound, allExpected), "wide"]);
    }
    facts.push(["bars", grouped(bars)], ["rows", grouped(rows)]);
    if (line.finished[month] != null) {
      facts.push(["computed", minute(data.epoch + 60 * line.finished[month])]);
    }
    if (seconds != null) {
      facts.push(["took", seconds + " s"]);
      if (seconds > 0 && rows != null && letter !== "f") {
        facts.push(["rows/s", grouped(Math.round(rows / seconds))]);
      }
    }
    facts.push(["verification", proof === "u" && reason != null ? PROOFS[proof] + ": " + reason : PROOFS[proof]]);
    const figures = line.figures[month];
    figures?.forEach((value, i) => facts.push([own.figures[i], value == null ? "–" : rounded(value), value]));
    if (!figures && proof === "v") {
      facts.push(["figures", "those of older partitions are not in this page: ./bqx verify"]);
    }
    return facts;
  }

  const states = makeMap(document.getElementById("map"), {
    label: () => "Partitions of " + family,
    none: "No partition.",
    rows: () => (ofFamily()?.lines ?? []).map((line) => line.pair),
    name: (pair) => data.pairs[pair],
    cell: stateCell,
    show: (pair, month) => showFacts(document.getElementById("facts"), stateFacts(pair, month)),
  });

  function chooseFamily(name) {
    family = name;
    for (const one of document.querySelectorAll("button.choose")) {
      one.setAttribute("aria-pressed", String(one.dataset.family === family));
    }
    states.draw();
    drawPace();
  }

  // ---- time -------------------------------------------------------------------------------------

  function drawPace() {
    const place = document.getElementById("pace");
    const months = [];
    for (let month = 0; month < data.months; month++) {
      const seconds = (ofFamily()?.lines ?? []).map((line) => line.seconds[month]).filter((one) => one != null);
      months.push(seconds.length ? median(seconds) : null);
    }
    if (!months.some((one) => one != null)) {
      place.replaceChildren(el("p", {}, "Nothing of " + family + " was computed."));
      return;
    }
    chart(place, {
      label: "Median seconds of a partition of " + family + ", by month",
      height: 140,
      low: 0,
      high: Math.max(...months.filter((one) => one != null)),
      count: months.length,
      tick: monthName,
      reading: (i) => monthName(i) + ": " + (months[i] == null ? "–" : number(months[i], 3) + " s"),
      draw: (x, y, width) => months.map((one, i) => one != null && shape("rect", {
        class: "bar", ...column(x(i), width), y: y(one), height: y(0) - y(one),
      })),
    });
  }

  // The table of the slowest is sorted by the column whose heading is pressed.
  function sortable() {
    const times = document.getElementById("times");
    if (!times || times.isSortable) {
      return;
    }
    times.isSortable = true;
    const headings = [...times.tHead.rows[0].cells];
    headings.forEach((heading, column) => {
      const isNumber = heading.classList.contains("number");
      // What has no number comes last, whichever way.
      const key = (row) => {
        const text = row.cells[column].textContent;
        return isNumber ? Number.parseFloat(text.replaceAll(",", "")) : text;
      };
      on(heading.querySelector("button"), "click", () => {
        const descending = heading.getAttribute("aria-sort") === "ascending"
          || (isNumber && !heading.hasAttribute("aria-sort"));
        const sign = descending ? -1 : 1;
        const rows = [...times.tBodies[0].rows].map((row) => [key(row), row]);
        rows.sort(([a], [b]) => {
          if (Number.isNaN(a) || Number.isNaN(b)) {
            return Number.isNaN(a) - Number.isNaN(b);
          }
          return a === b ? 0 : sign * (a < b ? -1 : 1);
        });
        headings.forEach((other) => other.removeAttribute("aria-sort"));
        heading.setAttribute("aria-sort", descending ? "descending" : "ascending");
        times.tBodies[0].replaceChildren(...rows.map(([, row]) => row));
      });
    });
  }

  // ---- charts -----------------------------------------------------------------------------------

  // Returns round numbers between two, some five of them.
  function ticks(low, high, count = 5) {
    const rough = (high - low) / count;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map((one) => one * power).find((one) => one >= rough);
    const all = [];
    for (let i = Math.ceil(low / step); i * step <= high + step * 1e-9; i++) {
      all.push(Number((i * step).toPrecision(12)));
    }
    return all;
  }

  const watcher = new ResizeObserver((entries) => entries.forEach(({ target }) => {
    if (target.redraw && target.drawnFor !== target.clientWidth) {
      target.redraw();
    }
  }));

  /**
   * Draws a chart of of.count places from left to right.
   *
   * of.draw(x, y, width) returns its shapes; x takes a place, y a value between of.low and of.high.
   * The mouse and the arrow keys go from place to place, and of.reading tells it.
   */
  function chart(place, of) {
    const reading = el("output", { class: "reading" });
    const box = el("div", { class: "chart", tabindex: "0", role: "group",
      "aria-label": of.label + ". The left and right arrow keys read it." });
    let at = null;
    box.redraw = () => {
      const whole = box.clientWidth || 320;
      const edge = { left: 66, right: 8, top: 8, bottom: 22 };
      const [width, height] = [whole - edge.left - edge.right, of.height - edge.top - edge.bottom];
      // A line without height is drawn in the middle.
      const flat = of.high <= of.low ? Math.abs(of.low) * 0.01 || 1 : 0;
      const [low, high] = [of.low - flat, of.high + flat];
      const step = width / of.count;
      const x = (i) => edge.left + (i + 0.5) * step;
      const y = (value) => edge.top + height * (1 - (value - low) / (high - low));
      const axis = ticks(low, high).flatMap((value) => [
        shape("line", { class: "grid", x1: edge.left, x2: whole - edge.right, y1: y(value), y2: y(value) }),
        shape("text", { x: edge.left - 6, y: y(value) + 4, "text-anchor": "end" }, number(value, 7)),
      ]);
      const most = Math.max(1, Math.floor(width / 80));
      const stride = Math.ceil(of.count / most);
      for (let i = 0; i < of.count; i += stride) {
        const isFirst = i === 0 && step < 60;
        const anchor = isFirst ? "start" : "middle";
        axis.push(shape("text", { x: isFirst ? edge.left : Math.min(x(i), whole - 28), y: of.height - 6, "text-anchor": anchor },
          of.tick(i)));
      }
      const cursor = shape("line", { class: "cursor", y1: edge.top, y2: edge.top + height, x1: -9, x2: -9 });
      const drawing = shape("svg", { width: whole, height: of.height, viewBox: [0, 0, whole, of.height].join(" "), "aria-hidden": "true" },
        axis, of.draw(x, y, step).flat().filter((one) => one), cursor);
      box.replaceChildren(drawing);
      box.drawnFor = box.clientWidth;
      box.read = (i) => {
        at = Math.min(of.count - 1, Math.max(0, i));
        cursor.setAttribute("x1", x(at));
        cursor.setAttribute("x2", x(at));
        reading.textContent = of.reading(at);
      };
      on(drawing, "mousemove", (event) =>
        box.read(Math.floor((event.clientX - drawing.getBoundingClientRect().left - edge.left) / step)));
    };
    on(box, "keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (step) {
        event.preventDefault();
        box.read(at == null ? (step > 0 ? 0 : of.count - 1) : at + step * (event.shiftKey ? 10 : 1));
      }
    });
    place.replaceChildren(box, reading);
    box.redraw();
    watcher.observe(box);
  }

  // Returns stretches of places that have a value, for a line breaks where there is none.
  function stretches(values) {
    const all = [];
    values.forEach((value, i) => {
      if (value == null) {
        return;
      }
      if (i === 0 || values[i - 1] == null) {
        all.push([]);
      }
      all[all.length - 1].push(i);
    });
    return all;
  }

  // Returns where a bar stands that is not wider than is good to look at.
  function column(middle, step) {
    const width = Math.min(48, Math.max(1, 0.8 * step));
    return { x: middle - width / 2, width };
  }

  const path = (points) => "M" + points.map((point) => point.map((one) => one.toFixed(1)).join(" ")).join("L");

  function lineAndBand(low, middle, high, x, y) {
    return stretches(middle).flatMap((places) => {
      const band = [...places.map((i) => [x(i), y(high[i])]), ...[...places].reverse().map((i) => [x(i), y(low[i])])];
      const line = places.map((i) => [x(i), y(middle[i])]);
      return [
        shape("path", { class: "band", d: path(band) + "Z" }),
        line.length > 1
          ? shape("path", { class: "trace", d: path(line) })
          : shape("circle", { class: "dot", cx: line[0][0], cy: line[0][1], r: 2.5 }),
      ];
    });
  }

  // ---- columns ----------------------------------------------------------------------------------

  const looks = document.getElementById("looks");
  const known = new Map();
  let renewLooks = () => {};

  // Asks where the page came from, once for each address.
  function ask(address) {
    if (!known.has(address)) {
      known.set(address, fetch(address).then((answer) => answer.json().then((got) => {
        if (!answer.ok) {
          throw new Error(got.error);
        }
        return got;
      })));
      known.get(address).catch(() => known.delete(address));
    }
    return known.get(address);
  }

  const address = (name, parameters) => name + "?" + new URLSearchParams(parameters);

  function panelOf(choice) {
    return data.live
      ? ask(address("panel", { family: choice.family, pair: choice.pair, month: choice.month }))
      : Promise.resolve(data.features.panels.find((panel) => panel.family === choice.family));
  }

  function monthsOf(choice) {
    return data.live
      ? ask(address("months", { family: choice.family, pair: choice.pair, column: choice.column }))
      : Promise.resolve(data.features.byMonth[choice.column]);
  }

  function select(name, options, chosen, changed) {
    const made = el("select", {}, options.map((option) => (option.group
      ? el("optgroup", { label: option.group }, option.items.map((one) => el("option", { value: one }, one)))
      : el("option", { value: option }, option))));
    made.value = chosen;
    on(made, "change", () => changed(made.value));
    return el("label", {}, el("span", {}, name), made);
  }

  function makeLooks() {
    const all = data.features.families;
    const drawn = data.live ? all : all.filter((one) => data.features.panels.some((panel) => panel.family === one.family));
    if (!drawn.length) {
      looks.replaceChildren(el("p", {}, "Nothing is computed of " + data.features.pair + " " + data.features.month + "."));
      return;
    }
    const start = drawn.find((one) => one.family === data.opensAt?.[0]) ?? drawn[0];
    const choice = { family: start.family, column: start.first, pair: data.features.pair, month: data.features.month };
    const choices = el("div", { class: "choices" });
    const about = el("p", { class: "dim" });
    const told = el("p", { role: "status" });
    const parts = {};
    const figure = (name, title) => {
      parts[name] = el("div");
      return el("figure", { class: name }, el("figcaption", {}, title), parts[name]);
    };
    looks.replaceChildren(choices, about, told,
      el("div", { class: "looks" },
        figure("line", "Over the month: average of each stretch, and from its lowest to its highest value"),
        figure("histogram", "How often"),
        figure("months", "By month: median, and from 5 to 95 per cent"),
        figure("drift", "Drift against the month before: below 0.1 little, above 0.25 much"),
        figure("correlation", "Correlation with the other columns of the family")));

    const current = () => all.find((one) => one.family === choice.family);

    function offer() {
      const own = current();
      const metrics = new Map();
      own.columns.forEach((column) => metrics.set(column.metric, [...(metrics.get(column.metric) ?? []), column.name]));
      const items = [
        select("family", drawn.map((one) => one.family), choice.family, (name) => {
          choice.family = name;
          choice.column = current().first;
          offer();
          show();
        }),
        select("column", [...metrics].map(([group, names]) => ({ group, items: names })), choice.column, (name) => {
          choice.column = name;
          show();
        }),
      ];
      if (data.live) {
        items.push(
          select("pair", data.pairs.filter((name) => name !== "market"), choice.pair, (name) => {
            choice.pair = name;
            show();
          }),
          select("month", Array.from({ length: data.months }, (_, i) => monthName(data.months - 1 - i)), choice.month, (name) => {
            choice.month = name;
            show();
          }));
      } else {
        items.push(el("p", {}, "of " + (own.isMarket ? "the market" : choice.pair) + " in " + choice.month));
      }
      choices.replaceChildren(...items);
    }

    let asked = 0;

    async function show() {
      const mine = ++asked;
      const column = current().columns.find((one) => one.name === choice.column);
      about.textContent = column.name + ": " + column.description + (column.unit ? " (" + column.unit + ")" : "");
      told.textContent = data.live ? "asking …" : "";
      try {
        const panel = await panelOf(choice);
        if (mine !== asked) {
          return;
        }
        told.textContent = "";
        showPanel(panel, current().columns.indexOf(column));
        const months = await monthsOf(choice);
        if (mine === asked) {
          showMonths(months ?? []);
        }
      } catch (failure) {
        if (mine === asked) {
          told.textContent = "No answer: " + failure.message;
        }
      }
    }

    function showPanel(panel, at) {
      const own = panel?.columns[at];
      if (!own || !own.values) {
        Object.values(parts).forEach((part) => part.replaceChildren());
        told.textContent = !panel || !panel.rows
          ? choice.family + " has no rows of " + choice.pair + " in " + choice.month + "."
          : choice.column + " has no value in " + choice.month + ".";
        return;
      }
      const seen = own.low.map((value, i) => i).filter((i) => own.low[i] != null);
      chart(parts.line, {
        label: choice.column + " over " + panel.month,
        height: 240,
        low: Math.min(...seen.map((i) => own.low[i])),
        high: Math.max(...seen.map((i) => own.high[i])),
        count: own.low.length,
        tick: (i) => iso(panel.times[i]).slice(5, 10),
        reading: (i) => minute(panel.times[i]) + ": " + (own.low[i] == null
          ? "no value"
          : number(own.mean[i]) + ", from " + number(own.low[i]) + " to " + number(own.high[i])),
        draw: (x, y) => lineAndBand(own.low, own.mean, own.high, x, y),
      });
      const figures = [["values", grouped(own.values)], ["NULL", grouped(own.nulls)],
        ...["lowest", "average", "highest"].map((name) => [name, number(own[name]), String(own[name])]),
        ["deviation", number(own.deviation), String(own.deviation)]];
      if (own.wild) {
        figures.push(["no number, not drawn", grouped(own.wild)]);
      }
      parts.line.append(el("dl", { class: "figures" }, figures.map(([name, value, full]) =>
        el("div", {}, el("dt", {}, name), el("dd", { title: full !== value ? full : null }, value)))));
      showHistogram(panel, own);
      showCorrelation(panel, at);
    }

    function showHistogram(panel, own) {
      if (!own.bins.length) {
        parts.histogram.replaceChildren(el("p", {}, "All values are " + number(own.lowest) + "."));
        return;
      }
      const total = sum(own.bins);
      const edge = (i) => own.lowest + (own.highest - own.lowest) * i / own.bins.length;
      chart(parts.histogram, {
        label: "Histogram of " + choice.column,
        height: 240,
        low: 0,
        high: Math.max(...own.bins),
        count: own.bins.length,
        tick: (i) => number(edge(i), 4),
        reading: (i) => number(edge(i)) + " to " + number(edge(i + 1)) + ": " + grouped(own.bins[i]) + " of " + grouped(total)
          + (panel.every > 1 ? ", every " + panel.every + "th minute" : ""),
        draw: (x, y, width) => own.bins.map((count, i) => shape("rect", {
          class: "bar", x: x(i) - 0.45 * width, width: 0.9 * width, y: y(count), height: y(0) - y(count),
        })),
      });
    }

    // [month, values, 5 %, median, 95 %, average, drift] of each.
    function showMonths(months) {
      const with0 = months.filter((one) => one[1] > 0);
      if (!with0.length) {
        parts.months.replaceChildren();
        parts.drift.replaceChildren();
        return;
      }
      const [low, middle, high] = [2, 3, 4].map((i) => months.map((one) => one[i]));
      const line = (one) => one[0] + ": " + (one[1] ? "median " + number(one[3]) + ", 5 to 95 % " + number(one[2]) + " to "
        + number(one[4]) + ", drift " + number(one[6], 3) + ", by " + grouped(one[1]) + " values" : "no value");
      chart(parts.months, {
        label: choice.column + " by month",
        height: 200,
        low: Math.min(...with0.map((one) => one[2])),
        high: Math.max(...with0.map((one) => one[4])),
        count: months.length,
        tick: (i) => months[i][0],
        reading: (i) => line(months[i]),
        draw: (x, y) => lineAndBand(low, middle, high, x, y),
      });
      if (months.length < 2) {
        parts.drift.replaceChildren(el("p", {}, "There is one month."));
        return;
      }
      const most = Math.max(0.3, ...with0.map((one) => one[6] ?? 0));
      chart(parts.drift, {
        label: "Drift of " + choice.column + " by month",
        height: 200,
        low: 0,
        high: most,
        count: months.length,
        tick: (i) => months[i][0],
        reading: (i) => line(months[i]),
        draw: (x, y, width) => months.map((one, i) => one[6] != null && shape("rect", {
          class: "bar" + (one[6] > 0.25 ? " much" : one[6] > 0.1 ? " some" : ""),
          ...column(x(i), width), y: y(one[6]), height: Math.max(1, y(0) - y(one[6])),
        })),
      });
      parts.drift.append(el("details", {}, el("summary", {}, "Figures by month"),
        el("div", { class: "scroll tall" }, el("table", {},
          el("thead", {}, el("tr", {}, ["month", "values", "5 %", "median", "95 %", "average", "drift"].map((name, i) =>
            el("th", { scope: "col", class: i ? "number" : null }, name)))),
          el("tbody", {}, months.map((one) => el("tr", {}, el("th", { scope: "row" }, one[0]),
            one.slice(1).map((value, i) => el("td", { class: "number" }, i ? number(value) : grouped(value))))))))));
    }

    function showCorrelation(panel, at) {
      const columns = current().columns;
      const r = (i, j) => (i === j ? 1 : panel.r[Math.max(i, j) * (Math.max(i, j) - 1) / 2 + Math.min(i, j)]);
      const others = columns.map((column, i) => [column.name, r(at, i), i])
        .filter(([, value, i]) => i !== at && value != null)
        .sort((a, b) => Math.abs(b[1]) - Math.abs(a[1]));
      if (!others.length) {
        parts.correlation.replaceChildren(el("p", {}, "There is no other column that varies."));
        return;
      }
      const choose = (name) => {
        choice.column = name;
        offer();
        show();
      };
      const list = el("ol", { class: "correlations" }, others.slice(0, 12).map(([name, value]) =>
        el("li", {},
          on(el("button", { type: "button", class: "plain" }, name), "click", () => choose(name)),
          el("meter", { min: "0", max: "1", value: String(Math.abs(value)), "aria-hidden": "true", class: value < 0 ? "negative" : null }),
          el("span", { class: "number" }, value.toFixed(3)))));
      const reading = el("output", { class: "reading" }, "Point at a square to read it; click it to see its column.");
      const size = columns.length;
      const squares = [];
      for (let i = 0; i < size; i++) {
        for (let j = 0; j < size; j++) {
          const value = r(i, j);
          const square = shape("rect", {
            x: j, y: i, width: 1.02, height: 1.02,
            class: value == null ? "undefined" : value < 0 ? "negative" : "positive",
            "fill-opacity": value == null ? 1 : Math.abs(value).toFixed(2),
          });
          square.at = [i, j];
          squares.push(square);
        }
      }
      const matrix = shape("svg", { class: "matrix", viewBox: [0, 0, size, size].join(" "), role: "img",
        "aria-label": "Correlations of all " + size + " columns; the list beside names the strongest of " + columns[at].name },
      squares,
      shape("rect", { class: "frame", x: 0, y: at, width: size, height: 1 }),
      shape("rect", { class: "frame", x: at, y: 0, width: 1, height: size }));
      on(matrix, "mousemove", (event) => {
        const place = event.target.at;
        if (place) {
          const value = r(...place);
          reading.textContent = columns[place[0]].name + " and " + columns[place[1]].name + ": "
            + (value == null ? "not defined" : value.toFixed(3));
        }
      });
      on(matrix, "click", (event) => event.target.at && choose(columns[event.target.at[0]].name));
      parts.correlation.replaceChildren(el("div", { class: "beside" }, list, el("div", {}, matrix, reading)));
    }

    // Tells when a month of the family and the pair is computed again.
    function computed() {
      const pair = data.pairs.indexOf(current().isMarket ? "market" : choice.pair);
      const line = data.families.find((one) => one.name === choice.family)?.lines.find((one) => one.pair === pair);
      return JSON.stringify([data.first, data.epoch, line?.finished, line?.rows]);
    }

    let shown = computed();
    renewLooks = () => {
      if (current() && computed() !== shown) {
        shown = computed();
        show();
      }
    };

    offer();
    show();
  }

  // ---- what the server wrote, and writes again where the page is live ---------------------------

  // By delegation, for what is written again is other elements.
  on(document, "click", (event) => {
    const target = event.target.closest("button");
    if (target?.dataset.family) {
      chooseFamily(target.dataset.family);
    } else if (target?.dataset.goto) {
      const [name, pair, month] = target.dataset.goto.split("|");
      document.getElementById("states").scrollIntoView({ block: "start" });
      look(name, pair, month);
    }
  });

  function bind() {
    for (const one of document.querySelectorAll("button.choose")) {
      one.setAttribute("aria-pressed", String(one.dataset.family === family));
    }
    sortable();
  }

  function look(name, pair, month) {
    chooseFamily(name);
    states.choose(data.pairs.indexOf(pair), monthPlace(month));
  }

  // What has the focus or is unfolded stays so.
  function renew(page) {
    for (const part of document.querySelectorAll("[data-live]")) {
      const next = page.querySelector("[data-live='" + part.dataset.live + "']");
      if (!next || next.innerHTML === part.was || part.contains(document.activeElement)) {
        continue;
      }
      const unfolded = [...part.querySelectorAll("details[open]")].map((one) => one.dataset.key);
      part.was = next.innerHTML;
      part.replaceChildren(...[...next.childNodes].map((node) => document.importNode(node, true)));
      part.querySelectorAll("details").forEach((one) => {
        one.open = unfolded.includes(one.dataset.key);
      });
    }
    data = JSON.parse(page.getElementById("data").textContent);
    known.clear();
    bind();
    coverage.draw();
    states.draw();
    drawPace();
    renewLooks();
    if (data.features && !looks) {
      location.reload(); // The first features have come.
    }
  }

  // Asks for the page every so often, and at once when somebody wants it again.
  function askAgain() {
    const box = document.getElementById("live");
    const alive = document.getElementById("alive");
    let timer = 0;
    async function once() {
      clearTimeout(timer);
      if (box.checked && !document.hidden) {
        try {
          const answer = await fetch(location.pathname);
          const text = await answer.text();
          if (!answer.ok) {
            throw new Error(answer.status + " " + text.trim().slice(0, 200));
          }
          renew(new DOMParser().parseFromString(text, "text/html"));
          alive.textContent = "";
        } catch (failure) {
          alive.textContent = "No answer at " + new Date().toISOString().slice(11, 19) + " UTC: " + failure.message;
        }
      }
      timer = setTimeout(once, data.live * 1000);
    }
    on(box, "change", once);
    timer = setTimeout(once, data.live * 1000);
  }

  bind();
  openCoverage();
  chooseFamily(family);
  if (data.opensAt) {
    const [, pair, month] = data.opensAt;
    states.open(data.pairs.indexOf(pair), monthPlace(month));
  }
  if (looks && data.features) {
    makeLooks();
  }
  if (data.live) {
    askAgain();
  }
})();
