"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);

  // ---- the heat maps and the facts of a cell ----------------------------------------------

  const panel = document.getElementById("facts");
  let pinned = null;

  function show(cell) {
    const list = document.createElement("dl");
    for (const [name, value] of data.facts[cell.dataset.partition]) {
      const item = document.createElement("div");
      if (name === "partition" || value.length > 60) {
        item.className = "wide";
      }
      const term = document.createElement("dt");
      term.textContent = name;
      const text = document.createElement("dd");
      text.textContent = value;
      item.append(term, text);
      list.append(item);
    }
    panel.replaceChildren(list);
  }

  function pin(cell) {
    pinned?.setAttribute("aria-pressed", "false");
    pinned = cell;
    pinned.setAttribute("aria-pressed", "true");
    show(cell);
    cell.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  for (const map of document.querySelectorAll("table.map")) {
    const rows = [...map.tBodies[0].rows].map((row) =>
      [...row.cells].slice(1).map((place) => place.querySelector("button")));
    const cells = rows.flat().filter((cell) => cell);
    let current = cells[0];
    current.tabIndex = 0;

    // One cell of the map is in the order of the Tab key, the one that was last gone to.
    function goTo(cell) {
      current.tabIndex = -1;
      current = cell;
      current.tabIndex = 0;
      current.focus();
    }

    function next(cell, down, right) {
      let y = rows.findIndex((row) => row.includes(cell));
      let x = rows[y].indexOf(cell);
      do {
        y += down;
        x += right;
      } while (rows[y] && x >= 0 && x < rows[y].length && !rows[y][x]);
      return rows[y]?.[x] ?? cell;
    }

    function lineEnd(cell, last) {
      const line = rows.find((row) => row.includes(cell)).filter((one) => one);
      return last ? line[line.length - 1] : line[0];
    }

    const moves = {
      ArrowUp: (cell) => next(cell, -1, 0),
      ArrowDown: (cell) => next(cell, 1, 0),
      ArrowLeft: (cell) => next(cell, 0, -1),
      ArrowRight: (cell) => next(cell, 0, 1),
      Home: (cell) => lineEnd(cell, false),
      End: (cell) => lineEnd(cell, true),
    };
    map.addEventListener("keydown", (event) => {
      const cell = event.target.closest("button");
      if (cell && moves[event.key]) {
        event.preventDefault();
        goTo(moves[event.key](cell));
      }
    });
    for (const cell of cells) {
      cell.addEventListener("focus", () => show(cell));
      cell.addEventListener("mouseenter", () => show(cell));
      cell.addEventListener("click", () => {
        goTo(cell);
        pin(cell);
      });
    }
    map.addEventListener("mouseleave", () => pinned && show(pinned));
  }

  // ---- the table of times, sorted by the column whose heading is pressed -------------------

  const times = document.getElementById("times");
  if (times) {
    const headings = [...times.tHead.rows[0].cells];
    headings.forEach((heading, column) => {
      const isNumber = heading.classList.contains("number");
      // What has no number comes last, whichever way.
      const key = (row) => {
        const text = row.cells[column].textContent;
        return isNumber ? Number.parseFloat(text.replaceAll(",", "")) : text;
      };
      heading.querySelector("button").addEventListener("click", () => {
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

  // ---- the lines ---------------------------------------------------------------------------

  const charts = [];
  const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const dashes = [[], [6, 3], [2, 2], [10, 3, 2, 3], [4, 4], []];
  const minute = (seconds) =>
    new Date(seconds * 1000).toISOString().slice(0, 16).replace("T", " ") + " UTC";
  const number = (value) => (value == null ? "–" : Number(value.toPrecision(7)).toString());

  // Dates, or times within a day.
  const days = (plot, ticks, axisNumber, space, step) =>
    ticks.map((seconds) => {
      const iso = new Date(seconds * 1000).toISOString();
      return step >= 86400 || iso.slice(11, 16) === "00:00" ? iso.slice(5, 10) : iso.slice(11, 16);
    });

  function line(label, index, scale) {
    return {
      label,
      scale,
      stroke: () => color("--s" + (index % 6)),
      dash: dashes[index % dashes.length],
      width: 1.25,
      points: { show: false },
      value: (plot, value) => number(value),
    };
  }

  function axis(more) {
    return {
      stroke: () => color("--dim"),
      grid: { stroke: () => color("--line"), width: 0.5 },
      ticks: { stroke: () => color("--line"), width: 0.5 },
      ...more,
    };
  }

  function draw(id, values, series, scales, axes) {
    const place = document.getElementById(id);
    const reading = place.parentElement.querySelector("output");
    const height = () => (window.innerWidth < 640 ? 240 : 320);
    const plot = new uPlot({
      width: place.clientWidth,
      height: height(),
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "UTC"),
      series: [{ label: "time", value: (_, seconds) => (seconds == null ? "–" : minute(seconds)) }, ...series],
      scales,
      axes: [axis({ values: days }), ...axes],
      legend: { show: true },
      cursor: { drag: { x: true, y: false } },
    }, values, place);
    charts.push(plot);
    new ResizeObserver(() => plot.setSize({ width: place.clientWidth, height: height() })).observe(place);

    let at = 0;
    place.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!step) {
        return;
      }
      event.preventDefault();
      const stride = event.shiftKey ? 50 : 1;
      at = Math.min(values[0].length - 1, Math.max(0, at + step * stride));
      plot.setCursor({ left: plot.valToPos(values[0][at], "x"), top: 0 });
      reading.textContent = minute(values[0][at]) + ": " + plot.series.slice(1)
        .map((one, i) => (one.show ? one.label + " " + number(values[i + 1][at]) : ""))
        .filter((text) => text).join(", ");
    });
    return plot;
  }

  // A scale is as high as its lines can be, where they have bounds. The first has its axis on the left.
  function drawChart(chart) {
    const { family, lines, values } = chart;
    const id = "chart-" + family;
    const choice = document.getElementById("windows-" + family);
    if (values[0].length === 0) {
      choice?.remove();
      document.getElementById(id).textContent = family + " is not computed for this month.";
      return;
    }
    const names = [...new Set(lines.map((one) => one.scale))];
    const scales = {};
    for (const name of names) {
      const own = lines.filter((one) => one.scale === name);
      const bounds = [Math.min(...own.map((one) => one.lowest ?? -Infinity)),
        Math.max(...own.map((one) => one.highest ?? Infinity))];
      scales[name] = bounds.every(Number.isFinite) ? { range: bounds } : {};
    }
    const axes = names.map((name, i) => (i === 0
      ? axis({ scale: name, size: 60 })
      : axis({ scale: name, side: 1, size: 75, grid: { show: false } })));
    const plot = draw(id, values,
      lines.map((one, i) => ({ ...line(one.label, i, one.scale), show: one.shown })), scales, axes);
    lines.forEach((one, i) => {
      if (one.window == null) {
        return;
      }
      const label = document.createElement("label");
      const box = document.createElement("input");
      box.type = "checkbox";
      box.checked = plot.series[i + 1].show;
      box.addEventListener("change", () => plot.setSeries(i + 1, { show: box.checked }));
      label.append(box, one.label === "w" + one.window ? one.window + " bars" : one.label);
      choice.append(label);
    });
  }

  if (data.charts) {
    data.charts.forEach(drawChart);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () =>
      charts.forEach((plot) => plot.redraw()));
  }
})();
