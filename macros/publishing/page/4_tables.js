"use strict";

/**
 * The publications, with the matched words marked, and the raw files' records.
 */
const tables = (() => {
  const { count, date, foreign, html, number } = elements;
  const KIND_NAMES = { pubmed: "Article", clinical_trials: "Trial" };

  // Only an id that looks like one becomes part of an address.
  const REGISTRIES = {
    pubmed: {
      name: "PubMed",
      pattern: /^\d{1,8}$/,
      address: (id) => `https://pubmed.ncbi.nlm.nih.gov/${id}/`,
    },
    clinical_trials: {
      name: "ClinicalTrials.gov",
      pattern: /^NCT\d{8}$/,
      address: (id) => `https://clinicaltrials.gov/study/${id}`,
    },
  };

  function identity(publication) {
    const { id, kind } = publication;
    if (id === null) {
      return html("span", { class: "muted" }, "no id");
    }
    const registry = REGISTRIES[kind];
    if (!registry.pattern.test(id)) {
      return html("bdi", { class: "muted" }, id);
    }
    return html(
      "a",
      {
        href: registry.address(id),
        target: "_blank",
        rel: "noopener noreferrer",
        title: `${id} at ${registry.name} (opens a new tab)`,
      },
      id,
    );
  }

  /**
   * Places of a text's letters in its folded form, to find there what was
   * matched: `Méthyl-prednisolone` for `methyl prednisolone`.
   */
  function foldedWithPlaces(text) {
    let folded = " ";
    const places = [0];
    let at = 0;
    for (const letter of text) {
      const plain = letter
        .normalize("NFKD")
        .replace(/\p{M}/gu, "")
        .toLowerCase();
      const isWord = /^[\p{L}\p{N}]+$/u.test(plain);
      if (isWord) {
        for (const one of plain) {
          folded += one;
          places.push(at);
        }
      } else if (!folded.endsWith(" ") && plain !== "") {
        folded += " ";
        places.push(at);
      }
      at += letter.length;
    }
    if (!folded.endsWith(" ")) {
      folded += " ";
      places.push(at);
    }
    places.push(at);
    return { folded, places };
  }

  /** Parts of a title, the matched words in `mark`. */
  function highlighted(title, mentionsOfIt) {
    const { folded, places } = foldedWithPlaces(title);
    const spans = [];
    for (const mention of mentionsOfIt) {
      for (const name of [mention.text, mention.drug]) {
        const wanted = ` ${foldedWithPlaces(name ?? "").folded.trim()} `;
        let found = wanted.trim() === "" ? -1 : folded.indexOf(wanted);
        const isFound = found !== -1;
        while (found !== -1) {
          const last = found + wanted.length - 2;
          // To the end of the last letter, with the accents that follow it.
          let end = places[last] + [...title.slice(places[last])][0].length;
          while (/^\p{M}/u.test(title.slice(end))) {
            end += [...title.slice(end)][0].length;
          }
          spans.push([places[found + 1], end]);
          found = folded.indexOf(wanted, found + wanted.length - 1);
        }
        if (isFound) {
          break;
        }
      }
    }
    spans.sort((a, b) => a[0] - b[0] || b[1] - a[1]);
    const parts = [];
    let done = 0;
    for (const [start, end] of spans) {
      if (start >= done) {
        parts.push(title.slice(done, start));
        parts.push(html("mark", {}, title.slice(start, end)));
        done = end;
      }
    }
    parts.push(title.slice(done));
    return parts.filter((part) => part !== "");
  }

  const COLUMNS = [
    { key: "date", name: "Date" },
    { key: "title", name: "Title" },
    { key: null, name: "Drugs" },
    { key: "journal", name: "Journal" },
    { key: "kind", name: "Kind" },
    { key: null, name: "Id" },
  ];

  /**
   * A page of the table. `choose(name, value)` filters, `sortBy(key)` sorts.
   *
   * The roles are stated because a narrow screen shows rows as cards, and a
   * browser takes a table that is displayed as blocks for no table.
   */
  function publications(container, shown, state, choose, sortBy) {
    const heading = html(
      "tr",
      { role: "row" },
      COLUMNS.map(({ key, name }) => {
        if (key === null) {
          return html("th", { role: "columnheader", scope: "col" }, name);
        }
        const isSorted = state.sort === key;
        return html(
          "th",
          {
            role: "columnheader",
            scope: "col",
            "aria-sort": isSorted ? state.order : "none",
          },
          html(
            "button",
            { type: "button", class: "sort", onclick: () => sortBy(key) },
            name,
            html(
              "span",
              { "aria-hidden": "true", class: "arrow" },
              isSorted ? (state.order === "ascending" ? "↑" : "↓") : "",
            ),
          ),
        );
      }),
    );
    const cell = (name, ...children) =>
      html("td", { role: "cell", "data-name": name }, ...children);
    const rows = shown.map((publication) =>
      html(
        "tr",
        { role: "row" },
        cell(
          "Date",
          publication.day === null
            ? html("span", { class: "muted" }, "no date")
            : date(publication.day, publication.precision),
        ),
        html(
          "td",
          { role: "cell", class: "title", "data-name": "Title" },
          html("bdi", {}, highlighted(publication.title, publication.mentions)),
        ),
        cell(
          "Drugs",
          html(
            "ul",
            { class: "tags" },
            publication.mentions.map(({ drug, codes }) =>
              html(
                "li",
                {},
                html(
                  "button",
                  {
                    type: "button",
                    class: "tag",
                    title: `${drug} (${codes.join(", ")})`,
                    onclick: () => choose("drug", drug),
                  },
                  foreign(elements.shorten(drug, 60)),
                ),
              ),
            ),
          ),
        ),
        cell(
          "Journal",
          publication.journal === null
            ? html("span", { class: "muted" }, "no journal")
            : html(
                "button",
                {
                  type: "button",
                  class: "plain",
                  onclick: () => choose("journal", publication.shownJournal),
                },
                elements.named(publication.journal),
              ),
        ),
        cell(
          "Kind",
          html(
            "span",
            { class: `kind ${publication.kind}` },
            KIND_NAMES[publication.kind],
          ),
        ),
        cell("Id", identity(publication)),
      ),
    );
    container.replaceChildren(
      html(
        "table",
        { role: "table", class: "publications" },
        html("caption", { class: "visually-hidden" }, "Publications"),
        html("thead", { role: "rowgroup" }, heading),
        html("tbody", { role: "rowgroup" }, rows),
      ),
    );
  }

  /**
   * What stands in the published file, as CSV. A spreadsheet must not take a
   * title for a formula: what begins like one gets a leading apostrophe.
   */
  function csv(shown) {
    const written = (value) => {
      const text = value ?? "";
      const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
      return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
    };
    const lines = ["atccode,drug,id,publication_title,article_type,journal,date"];
    for (const one of shown) {
      for (const mention of one.mentions) {
        for (const code of mention.codes) {
          lines.push(
            [
              code,
              mention.drug,
              one.id,
              one.title,
              one.kind,
              one.journal,
              one.day === null
                ? null
                : new Date(one.day * 86_400_000).toISOString().split("T")[0],
            ]
              .map(written)
              .join(","),
          );
        }
      }
    }
    return `${lines.join("\r\n")}\r\n`;
  }

  const REASONS = {
    unparseable_row: "Not a record: cells missing or too many, or broken quotes",
    not_an_object: "JSON, but not an object",
    blank_title: "No title",
    blank_drug_name: "No name of a drug",
    blank_atc_code: "No ATC code",
    unreadable_date: "Date that can't be read; the record was used without it",
  };

  function reason(code) {
    return REASONS[code] ?? code.replaceAll("_", " ");
  }

  /** Where the records of each raw file went, and why some were put aside. */
  function records(container, asideContainer, noteContainer, accounts) {
    const { files, totals, reasons, examples } = accounts;
    const deleted = totals.deleted > 0;
    const line = (file) => [
      number(file.read),
      number(file.kept),
      number(file.merged),
      ...(deleted ? [number(file.deleted)] : []),
      number(file.rejected),
      number(file.warned),
    ];
    const headings = [
      "Raw file",
      "Kind of file",
      "Read",
      "Kept",
      "Merged",
      ...(deleted ? ["Deleted"] : []),
      "Put aside",
      "With a warning",
    ];
    const rows = files.map((file) => [
      foreign(file.file),
      foreign(file.kind.replaceAll("_", " ")),
      ...line(file),
    ]);
    if (totals.files > files.length) {
      rows.push([
        `${number(totals.files - files.length)} more`,
        "",
        ...line({
          read: totals.read - sum(files, "read"),
          kept: totals.kept - sum(files, "kept"),
          merged: totals.merged - sum(files, "merged"),
          deleted: totals.deleted - sum(files, "deleted"),
          rejected: totals.rejected - sum(files, "rejected"),
          warned: totals.warned - sum(files, "warned"),
        }),
      ]);
    }
    if (totals.files > 1) {
      rows.push(["All files", "", ...line(totals)]);
    }
    noteContainer.textContent =
      totals.files === 0
        ? "No raw file was read."
        : `${count(totals.read, "record")} in ${count(totals.files, "raw file")}:` +
          ` ${number(totals.kept)} kept, ${number(totals.merged)} merged into` +
          ` another${deleted ? `, ${number(totals.deleted)} deleted by a later file` : ""},` +
          ` ${number(totals.rejected)} put aside.` +
          " A record with a warning was used, and is counted as kept or merged.";
    const whole = elements.table("Records by raw file", headings, rows);
    whole.classList.add("records");
    container.replaceChildren(...(totals.files === 0 ? [] : [whole]));

    const kinds = reasons.map((entry) => {
      const some = examples.filter((one) => one.reason === entry.reason);
      return html(
        "details",
        {},
        html("summary", {}, `${reason(entry.reason)}: ${count(entry.records, "record")}`),
        some.length < entry.records
          ? html("p", { class: "note" }, `The first ${number(some.length)} of them:`)
          : null,
        html(
          "ul",
          { class: "examples" },
          some.map((one) =>
            html(
              "li",
              {},
              foreign(one.file),
              one.line === null
                ? `, record ${number(one.record ?? 0)}`
                : `, line ${number(one.line)}`,
              html("code", { dir: "auto" }, one.text ?? ""),
            ),
          ),
        ),
      );
    });
    asideContainer.replaceChildren(
      ...(kinds.length > 0
        ? [html("h3", {}, "Put aside or used with a warning"), ...kinds]
        : []),
    );
  }

  function sum(files, name) {
    return files.reduce((total, file) => total + file[name], 0);
  }

  return { csv, publications, records };
})();
