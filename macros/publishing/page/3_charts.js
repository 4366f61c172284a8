"use strict";

/**
 * The pictures. Each takes an empty container, what is to be shown and what a
 * click does, and can be used with the keyboard: a chart is one stop of the Tab
 * key, arrows move inside it, Enter filters.
 */
const charts = (() => {
  const { arrows, count, date, html, number, pressable, shorten, svg, table } =
    elements;
  const MOST_LINES = 60;
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = `12px ${getComputedStyle(document.body).fontFamily}`;

  /** How wide a text is at the charts' size, in pixels. */
  const widthOf = (text) => pen.measureText(text.slice(0, 200)).width;

  /** Shortens a text to so many pixels. */
  function fit(text, pixels) {
    let letters = Math.min([...text].length, 200);
    let short = shorten(text, letters);
    while (letters > 1 && widthOf(short) > pixels) {
      letters -= Math.max(1, Math.ceil((widthOf(short) - pixels) / 16));
      short = shorten(text, letters);
    }
    return short;
  }

  /** The widest of the steps that still gives a readable number of bars. */
  function stepOf(firstMonth, lastMonth) {
    const span = lastMonth - firstMonth + 1;
    if (span <= 36) {
      return { months: 1, name: "month" };
    }
    if (span <= 120) {
      return { months: 3, name: "quarter" };
    }
    if (span <= 12 * 80) {
      return { months: 12, name: "year" };
    }
    return { months: 120, name: "decade" };
  }

  function firstDay(month) {
    return Math.round(
      Date.UTC(Math.floor(month / 12), ((month % 12) + 12) % 12, 1) / 86_400_000,
    );
  }

  /** Bars from the first month to the last, with the empty ones between. */
  function binned(months) {
    if (months.length === 0) {
      return { bins: [], step: { months: 1, name: "month" } };
    }
    const all = months.map(([at]) => at);
    const lowest = all.reduce((a, b) => Math.min(a, b));
    const highest = all.reduce((a, b) => Math.max(a, b));
    const step = stepOf(lowest, highest);
    const start = Math.floor(lowest / step.months);
    const end = Math.floor(highest / step.months);
    // Records may be dated in any year: a gap of centuries is left out.
    const bins = new Map();
    if (end - start < 400) {
      for (let at = start; at <= end; at += 1) {
        bins.set(at, [0, 0]);
      }
    }
    for (const [at, articles, trials] of months) {
      const key = Math.floor(at / step.months);
      const bin = bins.get(key) ?? [0, 0];
      bins.set(key, [bin[0] + articles, bin[1] + trials]);
    }
    return {
      step,
      bins: [...bins]
        .sort((a, b) => a[0] - b[0])
        .map(([key, [articles, trials]]) => ({
          from: firstDay(key * step.months),
          to: firstDay((key + 1) * step.months) - 1,
          articles,
          trials,
        })),
    };
  }

  function nameOf(bin, step) {
    if (step.name === "month") {
      return date(bin.from, "month");
    }
    if (step.name === "year") {
      return date(bin.from, "year");
    }
    const precision = step.name === "quarter" ? "month" : "year";
    return `${date(bin.from, precision)} – ${date(bin.to, precision)}`;
  }

  /** Mentions over time, articles below and trials on top. */
  function time(container, tableContainer, summary, choose) {
    const { bins, step } = binned(summary.months);
    if (bins.length === 0) {
      container.replaceChildren();
      tableContainer.replaceChildren();
      return step;
    }
    const width = Math.max(container.clientWidth, 260);
    const height = 220;
    const most = bins.reduce((m, bin) => Math.max(m, bin.articles + bin.trials), 0);
    const y = d3.scaleLinear().domain([0, Math.max(most, 1)]).nice(4);
    const ticks = y.ticks(4).filter(Number.isInteger);
    const margin = {
      top: 10,
      right: 4,
      bottom: 24,
      left: Math.max(...ticks.map((tick) => widthOf(number(tick)))) + 14,
    };
    y.range([height - margin.bottom, margin.top]);
    const x = d3
      .scaleBand()
      .domain(bins.map((_, n) => n))
      .range([
        margin.left,
        // Few bars need not be broad.
        Math.min(width - margin.right, margin.left + bins.length * 90),
      ])
      .paddingInner(0.15);

    const bars = bins.map((bin, n) => {
      const total = bin.articles + bin.trials;
      const name = nameOf(bin, step);
      const label =
        `${name}: ${count(total, "mention")}` +
        ` (${count(bin.articles, "article")}, ${count(bin.trials, "trial")})`;
      const left = x(n);
      return pressable(
        svg(
          "g",
          { class: "bar", role: "button", "aria-label": label },
          svg("title", {}, label),
          svg("rect", {
            class: "target",
            x: left,
            y: margin.top,
            width: x.bandwidth(),
            height: height - margin.top - margin.bottom,
          }),
          svg("rect", {
            class: "articles",
            x: left,
            y: y(bin.articles),
            width: x.bandwidth(),
            height: y(0) - y(bin.articles),
          }),
          svg("rect", {
            class: "trials",
            x: left,
            y: y(total),
            width: x.bandwidth(),
            height: y(bin.articles) - y(total),
          }),
        ),
        () => choose(bin.from, bin.to),
      );
    });

    // As many names of bars as fit beside each other.
    const named = (bin) =>
      step.name === "quarter" ? date(bin.from, "month") : nameOf(bin, step).split(" – ")[0];
    const widest = Math.max(...bins.map((bin) => widthOf(named(bin)))) + 14;
    const every = Math.max(1, Math.ceil(widest / x.step()));
    const group = svg("g", {}, bars);
    const picture = svg(
      "svg",
      {
        width,
        height,
        viewBox: `0 0 ${width} ${height}`,
        role: "group",
        "aria-label": `Mentions by ${step.name}`,
      },
      ticks.map((tick) =>
        svg(
          "g",
          { class: "tick", "aria-hidden": "true" },
          svg("line", {
            x1: margin.left,
            x2: width - margin.right,
            y1: y(tick),
            y2: y(tick),
          }),
          svg(
            "text",
            { x: margin.left - 8, y: y(tick), dy: "0.32em", "text-anchor": "end" },
            number(tick),
          ),
        ),
      ),
      group,
      bins.map((bin, n) =>
        n % every === 0 && x(n) + widest / 2 < width + 8
          ? svg(
              "text",
              {
                class: "axis",
                "aria-hidden": "true",
                x: Math.max(x(n) + x.bandwidth() / 2, widest / 2 - 7),
                y: height - 6,
                "text-anchor": "middle",
              },
              named(bin),
            )
          : null,
      ).filter(Boolean),
    );
    arrows(group, bars, 1);
    const legend = html(
      "p",
      { class: "legend" },
      html("span", { class: "key articles" }, "Articles"),
      html("span", { class: "key trials" }, "Trials"),
    );
    container.replaceChildren(legend, picture);
    tableContainer.replaceChildren(
      table(
        `Mentions by ${step.name}`,
        [step.name[0].toUpperCase() + step.name.slice(1), "In articles", "In trials"],
        bins
          .filter((bin) => bin.articles + bin.trials > 0)
          .map((bin) => [nameOf(bin, step), number(bin.articles), number(bin.trials)]),
      ),
    );
    return step;
  }

  /** A small chart per drug, all on one scale. */
  function multiples(container, summary, chosen, choose, shown = 12) {
    const top = summary.topDrugs.slice(0, shown);
    const { step } = binned(summary.months);
    const keys = summary.months.map(([at]) => Math.floor(at / step.months));
    const low = keys.reduce((a, b) => Math.min(a, b), Infinity);
    const high = keys.reduce((a, b) => Math.max(a, b), -Infinity);
    const series = top.map((drug) => {
      const bins = new Map();
      for (const [at, mentions] of drug.months) {
        const key = Math.floor(at / step.months);
        bins.set(key, (bins.get(key) ?? 0) + mentions);
      }
      return bins;
    });
    const most = series.reduce(
      (a, bins) => [...bins.values()].reduce((b, value) => Math.max(b, value), a),
      1,
    );
    const width = 160;
    const height = 36;
    const bar = Math.max(Math.min(width / (high - low + 1), 24), 1.5);
    const x = (key) =>
      high > low ? ((key - low) / (high - low)) * (width - bar) : 0;
    const cards = top.map((drug, place) => {
      const label = `${drug.name}: ${count(drug.publications, "publication")}`;
      const button = html(
        "button",
        {
          type: "button",
          class: "multiple",
          title: label,
          "aria-pressed": String(drug.name === chosen),
          onclick: () => choose(drug.name),
        },
        html("bdi", { class: "name" }, drug.name),
        html("span", { class: "amount" }, number(drug.publications)),
        svg(
          "svg",
          {
            viewBox: `0 0 ${width} ${height}`,
            preserveAspectRatio: "none",
            "aria-hidden": "true",
          },
          [...series[place]].map(([key, mentions]) =>
            svg("rect", {
              class: "articles",
              x: x(key),
              y: height - Math.max((mentions / most) * height, 1),
              width: bar,
              height: Math.max((mentions / most) * height, 1),
            }),
          ),
          svg("line", { class: "base", x1: 0, x2: width, y1: height, y2: height }),
        ),
      );
      button.setAttribute("aria-label", label);
      return button;
    });
    container.replaceChildren(...cards);
    return top.length;
  }

  /** Publications by drug and journal, as a table whose cells are coloured. */
  function matrix(container, summary, chosen, choose) {
    const { topDrugs, topJournals, cells } = summary;
    const most = cells.flat().reduce((a, b) => Math.max(a, b), 0);
    // Five steps. Of few publications each has a step of its own; of many, a few
    // drugs and journals have most, and the root tells the others apart, too.
    const shade = (amount) =>
      most <= 5 ? amount : Math.ceil(Math.sqrt(amount / most) * 5);
    const buttons = [];
    const rows = topDrugs.map((drug, row) =>
      html(
        "tr",
        {},
        html("th", { scope: "row" }, elements.foreign(drug.name)),
        topJournals.map((journal, column) => {
          const amount = cells[row][column];
          if (amount === 0) {
            return html("td", { class: "none" });
          }
          const label =
            `${drug.name}, ${journal.name}: ${count(amount, "publication")}`;
          const button = html(
            "button",
            {
              type: "button",
              class: `heat heat-${shade(amount)}`,
              title: label,
              "aria-label": label,
              "aria-pressed": String(
                chosen.drug === drug.name && chosen.journal === journal.name,
              ),
              onclick: () => choose(drug.name, journal.name),
            },
            number(amount),
          );
          button.place = [row, column];
          buttons.push(button);
          return html("td", {}, button);
        }),
      ),
    );
    const heading = html(
      "tr",
      {},
      html("td", {}),
      topJournals.map((journal) =>
        html(
          "th",
          { scope: "col", title: journal.name },
          html("bdi", { class: "upright" }, shorten(journal.name, 38)),
        ),
      ),
    );
    const whole = html(
      "table",
      { class: "matrix" },
      html("caption", { class: "visually-hidden" }, "Publications by drug and journal"),
      html("thead", {}, heading),
      html("tbody", {}, rows),
    );
    if (buttons.length > 0) {
      roam(whole, buttons);
      container.replaceChildren(whole);
    } else {
      container.replaceChildren();
    }
  }

  /** Arrows in the matrix: to the next cell that has publications. */
  function roam(whole, buttons) {
    buttons.forEach((button, n) => {
      button.tabIndex = n === 0 ? 0 : -1;
    });
    whole.addEventListener("keydown", (event) => {
      const here = event.target.place;
      const move = {
        ArrowRight: [0, 1],
        ArrowLeft: [0, -1],
        ArrowDown: [1, 0],
        ArrowUp: [-1, 0],
      }[event.key];
      if (here === undefined || move === undefined) {
        return;
      }
      event.preventDefault();
      const steps = ([row, column]) =>
        move[0] === 0
          ? row === here[0] && (column - here[1]) * move[1]
          : (row - here[0]) * move[0] > 0 &&
            Math.abs(row - here[0]) * 100 + Math.abs(column - here[1]);
      const [next] = buttons
        .filter((button) => steps(button.place) > 0)
        .sort((a, b) => steps(a.place) - steps(b.place));
      if (next !== undefined) {
        event.target.tabIndex = -1;
        next.tabIndex = 0;
        next.focus();
      }
    });
  }

  /**
   * Drugs on the left, journals on the right, publications between them. Of
   * many lines the thickest: all would be a ball of wool. Returns how many lines
   * are drawn, and how many there are.
   */
  function graph(container, summary, chosen, choose) {
    const { topDrugs, topJournals, cells } = summary;
    const all = [];
    topDrugs.forEach((_, row) => {
      topJournals.forEach((__, column) => {
        if (cells[row][column] > 0) {
          all.push({ row, column, amount: cells[row][column] });
        }
      });
    });
    const links = [...all]
      .sort((a, b) => b.amount - a.amount || a.row - b.row || a.column - b.column)
      .slice(0, MOST_LINES);
    if (links.length === 0) {
      container.replaceChildren();
      return { drawn: 0, all: 0 };
    }
    // Each side in the order of what it is linked to, so that lines cross less.
    let rows = [...new Set(links.map((link) => link.row))].sort((a, b) => a - b);
    let columns = [...new Set(links.map((link) => link.column))].sort((a, b) => a - b);
    const middle = (own, other, places) => (n) => {
      const linked = links.filter((link) => link[own] === n);
      const weight = linked.reduce((sum, link) => sum + link.amount, 0);
      return (
        linked.reduce(
          (sum, link) => sum + link.amount * places.indexOf(link[other]),
          0,
        ) / weight
      );
    };
    for (let round = 0; round < 4; round += 1) {
      const ofColumn = middle("column", "row", rows);
      const columnKeys = new Map(columns.map((n) => [n, ofColumn(n)]));
      columns = [...columns].sort((a, b) => columnKeys.get(a) - columnKeys.get(b) || a - b);
      const ofRow = middle("row", "column", columns);
      const rowKeys = new Map(rows.map((n) => [n, ofRow(n)]));
      rows = [...rows].sort((a, b) => rowKeys.get(a) - rowKeys.get(b) || a - b);
    }

    const width = Math.max(container.clientWidth, 260);
    const line = 26;
    const height = Math.max(rows.length, columns.length) * line + 8;
    // As much of the width for names as they take, and the rest for the lines.
    const room = (places, items) =>
      Math.min(
        Math.max(...places.map((n) => widthOf(items[n].name))) + 18,
        width * 0.38,
      );
    const left = room(rows, topDrugs);
    const right = room(columns, topJournals);
    const at = (places) => (n) =>
      4 + ((places.indexOf(n) + 0.5) / places.length) * (height - 8);
    const drugY = at(rows);
    const journalY = at(columns);
    const most = links.reduce((a, link) => Math.max(a, link.amount), 1);
    const thickness = d3.scaleLinear().domain([0, Math.max(most, 4)]).range([0.75, 9]);
    const curve = d3.linkHorizontal();
    const curves = links.map((link) =>
      svg(
        "path",
        {
          class: "link",
          d: curve({
            source: [left, drugY(link.row)],
            target: [width - right, journalY(link.column)],
          }),
          "stroke-width": thickness(link.amount),
          "data-row": link.row,
          "data-column": link.column,
        },
        svg(
          "title",
          {},
          `${topDrugs[link.row].name}, ${topJournals[link.column].name}: ` +
            count(link.amount, "publication"),
        ),
      ),
    );
    const picture = svg("svg", {
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      role: "group",
      "aria-label": "Drugs and the journals that mention them",
    });
    const highlight = (name, n) => {
      picture.classList.toggle("is-lit", n !== null);
      for (const path of curves) {
        path.classList.toggle("lit", n !== null && path.dataset[name] === String(n));
      }
    };
    const node = (name, n, item, x, y, anchor, others) => {
      const own = name === "row" ? "drug" : "journal";
      const side = name === "row" ? left : right;
      const label =
        `${item.name}: ${count(others, own === "drug" ? "journal" : "drug")}`;
      const group = pressable(
        svg(
          "g",
          {
            class: `node ${own}`,
            role: "button",
            "aria-label": label,
            "aria-pressed": String(chosen[own] === item.name),
            onmouseenter: () => highlight(name, n),
            onmouseleave: () => highlight(name, null),
            onfocus: () => highlight(name, n),
            onblur: () => highlight(name, null),
          },
          svg("title", {}, label),
          svg("rect", {
            class: "target",
            x: anchor === "end" ? 0 : x - 6,
            y: y - 12,
            width: side + 5,
            height: 24,
          }),
          svg("circle", { cx: x, cy: y, r: 4 }),
          svg(
            "text",
            {
              x: anchor === "end" ? x - 10 : x + 10,
              y,
              dy: "0.34em",
              "text-anchor": anchor,
            },
            fit(item.name, side - 14),
          ),
        ),
        () => choose(own, item.name),
      );
      return group;
    };
    const nodes = [
      ...rows.map((n) =>
        node(
          "row", n, topDrugs[n], left, drugY(n), "end",
          links.filter((link) => link.row === n).length,
        ),
      ),
      ...columns.map((n) =>
        node(
          "column", n, topJournals[n], width - right, journalY(n), "start",
          links.filter((link) => link.column === n).length,
        ),
      ),
    ];
    picture.append(svg("g", { "aria-hidden": "true" }, curves), ...nodes);
    arrows(picture, nodes, 1);
    container.replaceChildren(picture);
    return { drawn: links.length, all: all.length };
  }

  return { graph, matrix, multiples, time };
})();
