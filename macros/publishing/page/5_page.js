"use strict";

/**
 * The state of the page: what the reader asks for. It is in the address, so
 * that a view can be shared, and everything on the page is drawn from it.
 */
(() => {
  const { count, date, html, number } = elements;
  const TOP = 20;
  const SIZES = [25, 50, 100];
  const MOST_PRINTED = 1000;
  const MOST_SUGGESTED = 100;
  const NOTHING = "Nothing to show.";
  const FILTERS = ["q", "drug", "atc", "journal", "kind", "from", "to"];
  const EMPTY = Object.fromEntries(FILTERS.map((name) => [name, ""]));
  const START = { ...EMPTY, sort: "date", order: "descending", page: 1, rows: 25 };

  const element = (id) => document.getElementById(id);
  const form = element("filters");
  const all = mentions.data.all;
  const isPart = mentions.data.embedded.publications < all.publications;

  let state = { ...START };
  let selection = null;
  let summary = null;
  let order = [];
  let isPrinting = false;

  /** The newest first, and names from A on. */
  const firstOrder = (sort) => (sort === "date" ? "descending" : "ascending");

  // --- The address -------------------------------------------------------

  function readAddress() {
    const given = new URLSearchParams(location.hash.slice(1));
    const next = { ...START };
    for (const name of FILTERS) {
      next[name] = given.get(name) ?? "";
    }
    if (!["", "pubmed", "clinical_trials"].includes(next.kind)) {
      next.kind = "";
    }
    for (const name of ["from", "to"]) {
      if (!/^\d{4}-\d{2}-\d{2}$/.test(next[name])) {
        next[name] = "";
      }
    }
    if (["title", "journal", "kind"].includes(given.get("sort"))) {
      next.sort = given.get("sort");
      next.order = firstOrder(next.sort);
    }
    if (["ascending", "descending"].includes(given.get("order"))) {
      next.order = given.get("order");
    }
    next.page = Math.max(Number.parseInt(given.get("page") ?? "1", 10) || 1, 1);
    const rows = Number(given.get("rows"));
    next.rows = SIZES.includes(rows) ? rows : START.rows;
    return next;
  }

  function writeAddress(isNewEntry) {
    const given = new URLSearchParams();
    const usual = { ...START, order: firstOrder(state.sort) };
    for (const [name, value] of Object.entries(state)) {
      if (value !== usual[name]) {
        given.set(name, value);
      }
    }
    const hash = given.toString();
    const address = hash === "" ? location.pathname + location.search : `#${hash}`;
    if (isNewEntry) {
      history.pushState(null, "", address);
    } else {
      history.replaceState(null, "", address);
    }
  }

  // --- Drawing -----------------------------------------------------------

  const isFiltered = () => FILTERS.some((name) => state[name].trim() !== "");

  /** Filters anew and draws everything. */
  function update() {
    selection = mentions.select(state);
    // Without a filter all that was published is counted, though the page may
    // hold the newest of it only.
    summary = isFiltered() ? mentions.summarise(selection, TOP) : all;
    order = mentions.listed(
      selection,
      state.sort,
      state.sort === "date"
        ? state.order === "ascending"
        : state.order === "descending",
    );
    drawTotals();
    drawCharts();
    drawQuestion();
    drawRows();
    element("reset").disabled = !isFiltered();
  }

  function drawTotals() {
    const filtered = isFiltered();
    const isNothing = summary.mentions === 0;
    element("status").textContent = filtered
      ? `${count(summary.publications, "publication")} of ` +
        `${number(mentions.data.embedded.publications)}, ` +
        `${count(summary.mentions, "mention")}`
      : `${count(summary.publications, "publication")}, ` +
        `${count(summary.mentions, "mention")}`;
    // For paper, which has no fields.
    element("asked").textContent = FILTERS.filter((name) => state[name].trim())
      .map((name) => {
        const label = form.querySelector(`label[for="filter-${name}"]`);
        return `${label.textContent}: ${state[name]}`;
      })
      .join("; ");
    const empty = element("empty");
    empty.hidden = !isNothing;
    empty.textContent = filtered
      ? "Nothing matches. Clear a filter to see more."
      : "No title mentions a drug of the list.";
    const cards = [
      [summary.mentions, "mention", `${count(summary.rows, "row")} in the file`],
      [
        summary.publications,
        "publication",
        `${count(summary.articles, "article")}, ${count(summary.trials, "trial")}`,
      ],
      [summary.drugs, "drug", `of ${number(mentions.data.listed_drugs)} in the list`],
      [summary.journals, "journal", "spellings count as one"],
    ];
    element("totals").replaceChildren(
      ...cards.map(([amount, name, more]) =>
        html(
          "div",
          {},
          html("dt", {}, amount === 1 ? name : `${name}s`),
          html("dd", {}, html("strong", {}, number(amount)), html("span", {}, more)),
        ),
      ),
    );
  }

  function drawCharts() {
    const step = charts.time(
      element("time-chart"),
      element("time-table"),
      summary,
      (from, to) => {
        const days = { from: isoDay(from), to: isoDay(to) };
        const isChosen = state.from === days.from && state.to === days.to;
        choose(isChosen ? { from: "", to: "" } : days);
      },
    );
    element("time-details").hidden = summary.months.length === 0;
    element("time-note").textContent =
      summary.mentions === 0
        ? NOTHING
        : `By ${step.name}. ` +
          (summary.undated === 0
            ? ""
            : `${count(summary.undated, "mention")} without a date ` +
              `${summary.undated === 1 ? "is" : "are"} not in the chart. `) +
          "Choose a bar to see that time only.";
    const shown = charts.multiples(
      element("drugs-chart"),
      summary,
      state.drug,
      (name) => toggle("drug", name),
    );
    element("drugs-note").textContent =
      summary.drugs === 0
        ? NOTHING
        : `${summary.drugs > shown ? `The ${number(shown)} of ${number(summary.drugs)} drugs` : "Drugs"}` +
          " in most publications, and when, on one scale.";
    const parts =
      (summary.drugs > TOP ? `the first ${TOP} of ${number(summary.drugs)} drugs` : "all drugs") +
      " and " +
      (summary.journals > TOP
        ? `the first ${TOP} of ${number(summary.journals)} journals`
        : "all journals");
    charts.matrix(element("matrix-chart"), summary, state, (drug, journal) => {
      const isChosen = state.drug === drug && state.journal === journal;
      choose(isChosen ? { drug: "", journal: "" } : { drug, journal });
    });
    element("matrix-note").textContent =
      summary.journals === 0
        ? NOTHING
        : `Publications that mention a drug, by journal: ${parts}.`;
    const lines = charts.graph(element("graph-chart"), summary, state, toggle);
    element("graph-note").textContent =
      lines.all === 0
        ? ""
        : "The more publications, the thicker the line." +
          (lines.drawn < lines.all
            ? ` The thickest ${number(lines.drawn)} of ${number(lines.all)} lines.`
            : "");
    element("graph-title").hidden = lines.all === 0;
  }

  function drawQuestion() {
    const [winner] = summary.leaders;
    if (winner === undefined) {
      element("question-answer").replaceChildren(
        html("p", { class: "note" }, NOTHING),
      );
      return;
    }
    const most = winner.drugCount;
    const tie =
      summary.tied === 0
        ? "No other journal mentions as many."
        : `${count(summary.tied, "other journal")} ` +
          `${summary.tied === 1 ? "mentions" : "mention"} as many; ` +
          "of a tie the first in the alphabet is the answer.";
    element("question-answer").replaceChildren(
      html(
        "p",
        { class: "answer" },
        html("strong", {}, elements.named(winner.journal)),
        ` mentions ${count(most, "drug")}. ${tie}`,
      ),
      html(
        "ol",
        { class: "leaders" },
        summary.leaders.map((leader) =>
          html(
            "li",
            { class: leader.drugCount === most ? "is-tied" : "" },
            html(
              "button",
              {
                type: "button",
                class: "plain",
                "aria-pressed": String(state.journal === leader.journal),
                onclick: () => toggle("journal", leader.journal),
              },
              elements.named(leader.journal),
            ),
            html("meter", {
              min: 0,
              max: most,
              value: leader.drugCount,
              "aria-label": `Drugs in ${leader.journal}`,
            }),
            html("span", { class: "amount" }, number(leader.drugCount)),
            html(
              "span",
              { class: "names" },
              elements.foreign(
                leader.drugs
                  .slice(0, 12)
                  .map((name) => elements.shorten(name, 60))
                  .join(", ") +
                  (leader.drugs.length > 12 ? ", …" : ""),
              ),
            ),
          ),
        ),
      ),
    );
  }

  function drawRows() {
    const pages = Math.max(Math.ceil(order.length / state.rows), 1);
    state.page = Math.min(state.page, pages);
    const start = isPrinting ? 0 : (state.page - 1) * state.rows;
    const end = isPrinting ? MOST_PRINTED : start + state.rows;
    const shown = order.slice(start, end);
    tables.publications(
      element("rows"),
      shown.map((p) => mentions.describe(p, selection)),
      state,
      toggle,
      (key) => {
        const isSame = state.sort === key;
        const first = firstOrder(key);
        const other = first === "ascending" ? "descending" : "ascending";
        choose({
          sort: key,
          order: isSame && state.order === first ? other : first,
        });
      },
    );
    element("rows-note").textContent =
      order.length === 0
        ? "No publications."
        : (shown.length === order.length
            ? ""
            : `${number(start + 1)} to ${number(start + shown.length)} of `) +
          `${count(order.length, "publication")}. What was matched is marked.`;
    element("rows").hidden = order.length === 0;
    element("pages").hidden = order.length === 0;
    element("page-number").textContent = `Page ${number(state.page)} of ${number(pages)}`;
    element("previous").disabled = state.page === 1;
    element("next").disabled = state.page === pages;
    element("page-size").value = String(state.rows);
    for (const id of ["copy", "download"]) {
      element(id).disabled = order.length === 0;
    }
  }

  function showForm() {
    for (const name of FILTERS) {
      const field = form.elements[name];
      if (field.value !== state[name]) {
        field.value = state[name];
      }
    }
  }

  // --- What the reader does ------------------------------------------------

  const isoDay = (day) => new Date(day * 86_400_000).toISOString().split("T")[0];

  /** Changes the state by a click, which Back takes back. */
  function choose(change) {
    const focused = focusPath();
    state = { ...state, page: 1, ...change };
    writeAddress(true);
    showForm();
    update();
    focusAgain(focused);
  }

  function toggle(name, value) {
    choose({ [name]: state[name] === value ? "" : value });
  }

  /** What was chosen is drawn anew: the focus must not fall to the top. */
  function focusPath() {
    const active = document.activeElement;
    const holder = active?.closest("section[id]");
    return holder === null || holder === undefined
      ? null
      : { holder, label: labelOf(active) };
  }

  function labelOf(node) {
    return node.getAttribute("aria-label") ?? node.textContent;
  }

  function focusAgain(focused) {
    if (focused === null || document.activeElement !== document.body) {
      return;
    }
    const { holder, label } = focused;
    const same = [...holder.querySelectorAll("button, [role=button]")].find(
      (node) => labelOf(node).replace(/[↑↓]$/, "") === label.replace(/[↑↓]$/, ""),
    );
    (same ?? holder).focus({ preventScroll: true });
  }

  /** At most so many names, those that begin with what is typed first. */
  function suggest(list, names, typed) {
    const wanted = mentions.fold(typed);
    const starting = [];
    const containing = [];
    for (const { name, folded } of names) {
      if (folded.startsWith(wanted)) {
        starting.push(name);
      } else if (containing.length < MOST_SUGGESTED && folded.includes(wanted)) {
        containing.push(name);
      }
      if (starting.length >= MOST_SUGGESTED) {
        break;
      }
    }
    element(list).replaceChildren(
      ...[...starting, ...containing]
        .slice(0, MOST_SUGGESTED)
        .map((name) => html("option", { value: name })),
    );
  }

  const withFolded = (names) =>
    names.map((name) => ({ name, folded: mentions.fold(name) }));
  const SUGGESTIONS = {
    drug: ["known-drugs", withFolded(mentions.drugNames)],
    atc: ["known-codes", withFolded(mentions.codes)],
    journal: ["known-journals", withFolded(mentions.journalNames)],
  };

  form.addEventListener("input", (event) => {
    const { name, value } = event.target;
    if (!FILTERS.includes(name)) {
      return;
    }
    state = { ...state, page: 1, [name]: value };
    writeAddress(false);
    if (SUGGESTIONS[name] !== undefined) {
      suggest(...SUGGESTIONS[name], value);
    }
    update();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    choose({ ...EMPTY });
    form.elements.q.focus();
  });

  for (const [id, step] of [["previous", -1], ["next", 1]]) {
    element(id).addEventListener("click", () => {
      state = { ...state, page: state.page + step };
      writeAddress(true);
      drawRows();
      element("publications").scrollIntoView();
      if (element(id).disabled) {
        element("publications").focus({ preventScroll: true });
      }
    });
  }
  element("page-size").addEventListener("change", (event) => {
    state = { ...state, page: 1, rows: Number(event.target.value) };
    writeAddress(true);
    drawRows();
  });

  /** Copies, also where the browser keeps the clipboard to itself. */
  async function copy(text, what) {
    let isCopied = false;
    try {
      await navigator.clipboard.writeText(text);
      isCopied = true;
    } catch {
      const area = html("textarea", { class: "visually-hidden", readonly: true });
      area.value = text;
      document.body.append(area);
      const active = document.activeElement;
      area.select();
      isCopied = document.execCommand("copy");
      area.remove();
      active?.focus();
    }
    say(isCopied ? `${what} copied.` : "The browser does not allow copying.");
  }

  function say(text) {
    element("said").textContent = text;
    element("said").classList.add("is-seen");
    setTimeout(() => element("said").classList.remove("is-seen"), 2500);
  }

  const asCsv = () =>
    tables.csv(order.map((p) => mentions.describe(p, selection)));

  element("copy").addEventListener("click", () =>
    copy(asCsv(), count(order.length, "publication")),
  );
  element("download").addEventListener("click", () => {
    const file = new Blob(["\ufeff", asCsv()], { type: "text/csv;charset=utf-8" });
    const address = URL.createObjectURL(file);
    html("a", { href: address, download: "mentioned_drugs.csv" }).click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  });
  element("share").addEventListener("click", () => copy(location.href, "Link"));

  // The address is the state's: links within the page must not touch it.
  for (const link of document.querySelectorAll('nav a, a.skip')) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      const target = element(link.getAttribute("href").slice(1));
      target.focus({ preventScroll: true });
      target.scrollIntoView();
    });
  }

  for (const name of ["hashchange", "popstate"]) {
    window.addEventListener(name, () => {
      const next = readAddress();
      if (JSON.stringify(next) !== JSON.stringify(state)) {
        state = next;
        showForm();
        update();
      }
    });
  }

  let drawnWidth = 0;
  new ResizeObserver(() => {
    const width = element("time-chart").clientWidth;
    if (summary !== null && width !== drawnWidth) {
      drawnWidth = width;
      drawCharts();
    }
  }).observe(element("time-chart"));

  // Paper has no next page of the table, and no button to open a part.
  let opened = [];
  window.addEventListener("beforeprint", () => {
    isPrinting = true;
    drawRows();
    opened = [...document.querySelectorAll("#records details:not([open])")];
    opened.forEach((one) => one.setAttribute("open", ""));
  });
  window.addEventListener("afterprint", () => {
    isPrinting = false;
    opened.forEach((one) => one.removeAttribute("open"));
    drawRows();
  });

  // --- Start ---------------------------------------------------------------

  element("summary").textContent =
    all.mentions === 0
      ? "No title mentions a drug of the list."
      : `${count(all.drugs, "drug")} in ${count(all.publications, "publication")} ` +
        `of ${count(all.journals, "journal")}` +
        (all.first === null
          ? "."
          : all.first === all.last
            ? `, ${date(all.first)}.`
            : `, ${date(all.first)} to ${date(all.last)}.`);
  if (isPart) {
    const { publications, since } = mentions.data.embedded;
    element("coverage").hidden = false;
    element("coverage").textContent =
      `This page holds the newest ${number(publications)} of ` +
      `${count(all.publications, "publication")}` +
      `${since === null ? "" : `, since ${date(since)}`}. The totals and ` +
      "charts count all of them until you filter; the table, and every " +
      "filter, know the newest only. All are in mentioned_drugs.json.";
  }
  for (const [list, names] of Object.values(SUGGESTIONS)) {
    suggest(list, names, "");
  }
  tables.records(
    element("records-table"),
    element("records-aside"),
    element("records-note"),
    mentions.data.records,
  );
  state = readAddress();
  showForm();
  update();
  drawnWidth = element("time-chart").clientWidth;
  setTimeout(mentions.prepare, 50);
})();
