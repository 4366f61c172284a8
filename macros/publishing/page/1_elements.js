"use strict";

/**
 * Elements and formats. Text from the data reaches the page through here only,
 * as text: nothing on this page parses markup, and the page's policy
 * (`require-trusted-types-for 'script'`) makes the browser refuse it.
 */
const elements = (() => {
  const SVG = "http://www.w3.org/2000/svg";

  const number = new Intl.NumberFormat();
  const formats = {
    day: new Intl.DateTimeFormat(undefined, {
      dateStyle: "medium",
      timeZone: "UTC",
    }),
    month: new Intl.DateTimeFormat(undefined, {
      month: "short",
      year: "numeric",
      timeZone: "UTC",
    }),
    year: new Intl.DateTimeFormat(undefined, {
      year: "numeric",
      timeZone: "UTC",
    }),
  };

  function build(node, attributes, children) {
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) {
        node.addEventListener(name.slice(2), value);
      } else if (value === true) {
        node.setAttribute(name, "");
      } else if (value !== false && value !== null && value !== undefined) {
        node.setAttribute(name, value);
      }
    }
    node.append(...children.flat().filter((child) => child !== null));
    return node;
  }

  /** An HTML element; `onclick` and the like are listeners. */
  function html(tag, attributes = {}, ...children) {
    return build(document.createElement(tag), attributes, children);
  }

  /** The same in SVG. */
  function svg(tag, attributes = {}, ...children) {
    return build(document.createElementNS(SVG, tag), attributes, children);
  }

  /** Text from the data, whose direction must not touch what stands beside. */
  function foreign(text) {
    return html("bdi", {}, text);
  }

  /** The same of a name, which may be as long as somebody made it. */
  function named(text) {
    const short = shorten(text, 120);
    return html("bdi", { title: short === text ? null : text }, short);
  }

  /** `1 mention`, `2,000 mentions`. */
  function count(amount, one, many = `${one}s`) {
    return `${number.format(amount)} ${amount === 1 ? one : many}`;
  }

  /** A day, as the number of days since 1970, in the reader's format. */
  function date(day, precision = "day") {
    return formats[precision].format(new Date(day * 86_400_000));
  }

  /** Shortens a text to about so many letters. */
  function shorten(text, letters) {
    const all = [...text];
    return all.length <= letters
      ? text
      : `${all.slice(0, Math.max(letters - 1, 1)).join("").trimEnd()}…`;
  }

  /** Makes something clickable act on Enter and blank, as a button does. */
  function pressable(node, act) {
    node.addEventListener("click", act);
    node.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        act(event);
      }
    });
    return node;
  }

  /**
   * Makes a group one stop of the Tab key; arrows move inside it.
   *
   * `columns` is how many items stand in a row: Up and Down move by it.
   */
  function arrows(group, items, columns) {
    items.forEach((item, place) => {
      item.setAttribute("tabindex", place === 0 ? "0" : "-1");
    });
    group.addEventListener("keydown", (event) => {
      const here = items.indexOf(event.target.closest("[tabindex]"));
      const last = items.length - 1;
      const there = {
        ArrowRight: here + 1,
        ArrowLeft: here - 1,
        ArrowDown: here + columns,
        ArrowUp: here - columns,
        Home: 0,
        End: last,
      }[event.key];
      if (here < 0 || there === undefined || there < 0 || there > last) {
        return;
      }
      event.preventDefault();
      items[here].setAttribute("tabindex", "-1");
      items[there].setAttribute("tabindex", "0");
      items[there].focus();
    });
  }

  /** A plain table: a row of headings, rows of cells, the first a heading. */
  function table(caption, headings, rows) {
    return html(
      "table",
      {},
      html("caption", { class: "visually-hidden" }, caption),
      html(
        "thead",
        {},
        html("tr", {}, headings.map((name) => html("th", { scope: "col" }, name))),
      ),
      html(
        "tbody",
        {},
        rows.map(([first, ...others]) =>
          html(
            "tr",
            {},
            html("th", { scope: "row" }, first),
            others.map((cell) => html("td", {}, cell)),
          ),
        ),
      ),
    );
  }

  return {
    arrows,
    count,
    date,
    foreign,
    html,
    named,
    number: (amount) => number.format(amount),
    pressable,
    shorten,
    svg,
    table,
  };
})();
