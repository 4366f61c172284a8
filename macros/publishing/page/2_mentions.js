"use strict";

/**
 * The mentions, what a filter leaves of them, and what is counted in that.
 *
 * Everything is held in columns: a publication, a mention, a drug and a journal
 * is a number, its place in the columns. Drugs and journals are numbered by
 * name, publications from the newest to the oldest.
 */
const mentions = (() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const { publications, drugs, journals } = data;
  const publicationCount = publications.title.length;
  const mentionCount = data.mentions.drug.length;

  const NONE = -1;
  const UNDATED = -(2 ** 31);
  const KINDS = ["pubmed", "clinical_trials"];
  const PRECISIONS = ["day", "month", "year"];

  // Columns of publications. A day is given as days after the one before, and
  // a form is 0 to 2 for articles, 3 to 5 for trials. Plain loops, since this
  // is what opening the page waits for.
  const day = new Int32Array(publicationCount);
  const month = new Int32Array(publicationCount);
  const kind = new Uint8Array(publicationCount);
  const precision = new Uint8Array(publicationCount);
  const spelling = new Int32Array(publicationCount);
  // A journal is counted as one however it is written.
  const journal = new Int32Array(publicationCount);
  for (let p = 0, before = 0; p < publicationCount; p += 1) {
    const after = publications.day[p];
    day[p] = after === null ? UNDATED : before + after;
    const isSameDay = p > 0 && day[p] === before;
    month[p] = isSameDay ? month[p - 1] : monthOf(day[p]);
    before = day[p];
    const form = publications.form.charCodeAt(p) - 48;
    kind[p] = form < 3 ? 0 : 1;
    precision[p] = form % 3;
    spelling[p] = publications.journal[p] ?? NONE;
    journal[p] = spelling[p] === NONE ? NONE : journals.shown[spelling[p]];
  }

  // Columns of mentions; those of publication p are first[p] to first[p + 1].
  const drugOf = new Int32Array(data.mentions.drug);
  const publicationOf = new Int32Array(mentionCount);
  const first = new Int32Array(publicationCount + 1);
  for (let p = 0, m = 0; p < publicationCount; p += 1) {
    for (let n = publications.mentions[p]; n > 0; n -= 1, m += 1) {
      publicationOf[m] = p;
    }
    first[p + 1] = m;
  }

  // A number for each drug and journal that meet, to count them without a map.
  const pairOf = new Int32Array(mentionCount).fill(NONE);
  const pairDrug = [];
  const pairJournal = [];
  const numbers = new Map();
  for (let m = 0; m < mentionCount; m += 1) {
    const j = journal[publicationOf[m]];
    if (j !== NONE) {
      const key = j * drugs.name.length + drugOf[m];
      let pair = numbers.get(key);
      if (pair === undefined) {
        pair = pairDrug.length;
        numbers.set(key, pair);
        pairDrug.push(drugOf[m]);
        pairJournal.push(j);
      }
      pairOf[m] = pair;
    }
  }

  function monthOf(value) {
    if (value === UNDATED) {
      return UNDATED;
    }
    const date = new Date(value * 86_400_000);
    return date.getUTCFullYear() * 12 + date.getUTCMonth();
  }

  /** A text as it is searched: no case, no accents, no punctuation. */
  function fold(text) {
    const lower = text.toLowerCase();
    // Most titles are plain ASCII, and folding all is what costs most.
    return /[\u0080-\uffff]/.test(lower)
      ? lower
          .normalize("NFKD")
          .replace(/\p{M}/gu, "")
          .replace(/[^\p{L}\p{N}]+/gu, " ")
          .trim()
      : lower.replace(/[^a-z0-9 ]+| {2,}/g, " ").trim();
  }

  const foldedDrugs = drugs.name.map(fold);
  const foldedJournals = journals.name.map(fold);

  // All titles and ids in one text, a line each: searching it is searching them
  // all. Punctuation stays, since no word that is searched has any. Made when it
  // is first asked for, or when the page has nothing else to do.
  let haystack = null;
  function titles() {
    if (haystack === null) {
      let text = publications.title
        .map((title, p) => {
          const line = title.includes("\n") ? title.replaceAll("\n", " ") : title;
          return `${line}\t${publications.id[p] ?? ""}\n`;
        })
        .join("")
        .toLowerCase();
      if (/[\u0080-\uffff]/.test(text)) {
        text = text.normalize("NFKD").replace(/\p{M}+/gu, "");
      }
      const starts = new Int32Array(publicationCount + 1);
      for (let p = 0; p < publicationCount; p += 1) {
        starts[p + 1] = text.indexOf("\n", starts[p]) + 1;
      }
      haystack = { text, starts };
    }
    return haystack;
  }

  /** Marks the publications whose title or id has this word. */
  function findInTitles(word) {
    const { text, starts } = titles();
    const found = new Uint8Array(publicationCount);
    let p = 0;
    let at = text.indexOf(word);
    while (at !== -1) {
      // The line that the hit is in: near the last one for frequent words.
      let step = 1;
      let low = p;
      while (low + step <= publicationCount && starts[low + step] <= at) {
        low += step;
        step *= 2;
      }
      let high = Math.min(low + step, publicationCount);
      while (high - low > 1) {
        const middle = (low + high) >> 1;
        if (starts[middle] <= at) {
          low = middle;
        } else {
          high = middle;
        }
      }
      p = low;
      found[p] = 1;
      p += 1;
      at = p < publicationCount ? text.indexOf(word, starts[p]) : -1;
    }
    return found;
  }

  /**
   * Marks the names that a reader means: the one that is written exactly so,
   * or else all that contain it.
   */
  function marked(folded, wanted) {
    const marks = Uint8Array.from(folded, (name) => (name === wanted ? 1 : 0));
    return marks.includes(1)
      ? marks
      : Uint8Array.from(folded, (name) => (name.includes(wanted) ? 1 : 0));
  }

  function dayOf(text) {
    const time = Date.parse(`${text}T00:00:00Z`);
    return Number.isNaN(time) ? null : Math.round(time / 86_400_000);
  }

  /**
   * What a filter leaves: `mention` and `publication` are 1 for what passes.
   *
   * @param {{q: string, drug: string, atc: string, journal: string,
   *   kind: string, from: string, to: string}} filter
   */
  function select(filter) {
    const publication = new Uint8Array(publicationCount);
    const mention = new Uint8Array(mentionCount);

    const wantedKind = KINDS.indexOf(filter.kind);
    const from = dayOf(filter.from);
    const to = dayOf(filter.to);
    const wantedJournal = fold(filter.journal);
    let journalMarks = null;
    if (filter.journal.trim() !== "") {
      // The spelling that is searched may not be the one that is shown.
      const spellings = marked(foldedJournals, wantedJournal);
      journalMarks = new Uint8Array(journals.name.length);
      spellings.forEach((mark, s) => {
        if (mark) {
          journalMarks[journals.shown[s]] = 1;
        }
      });
    }
    let drugMarks = null;
    if (filter.drug.trim() !== "") {
      drugMarks = marked(foldedDrugs, fold(filter.drug));
    }
    const code = filter.atc.trim().toUpperCase();
    if (code !== "") {
      const classes = drugs.codes.map((codes) =>
        codes.some((one) => one.toUpperCase().startsWith(code)),
      );
      drugMarks = Uint8Array.from(classes, (isIn, d) =>
        isIn && (drugMarks === null || drugMarks[d]) ? 1 : 0,
      );
    }
    const words = fold(filter.q).split(" ").filter(Boolean);
    const searches = words.map((word) => ({
      inTitle: findInTitles(word),
      inDrug: Uint8Array.from(foldedDrugs, (name) => (name.includes(word) ? 1 : 0)),
      inJournal: Uint8Array.from(foldedJournals, (name) =>
        name.includes(word) ? 1 : 0,
      ),
    }));

    for (let p = 0; p < publicationCount; p += 1) {
      if (
        (wantedKind !== NONE && kind[p] !== wantedKind) ||
        (from !== null && (day[p] === UNDATED || day[p] < from)) ||
        (to !== null && (day[p] === UNDATED || day[p] > to)) ||
        (journalMarks !== null &&
          (journal[p] === NONE || !journalMarks[journal[p]]))
      ) {
        continue;
      }
      for (let m = first[p]; m < first[p + 1]; m += 1) {
        const d = drugOf[m];
        if (drugMarks !== null && !drugMarks[d]) {
          continue;
        }
        let isFound = true;
        for (const search of searches) {
          if (
            !search.inTitle[p] &&
            !search.inDrug[d] &&
            !(spelling[p] !== NONE && search.inJournal[spelling[p]])
          ) {
            isFound = false;
            break;
          }
        }
        if (isFound) {
          mention[m] = 1;
          publication[p] = 1;
        }
      }
    }
    return { mention, publication, code };
  }

  /** Numbers of what was counted, the most first, then by name. */
  function ranked(counts) {
    const found = [];
    for (let n = 0; n < counts.length; n += 1) {
      if (counts[n] > 0) {
        found.push(n);
      }
    }
    return found.sort((a, b) => counts[b] - counts[a] || a - b);
  }

  /** Counts what a filter leaves; `top` is how many drugs and journals. */
  function summarise(selection, top) {
    const byDrug = new Int32Array(drugs.name.length);
    const byJournal = new Int32Array(journals.name.length);
    const drugsByJournal = new Int32Array(journals.name.length);
    const pairSeen = new Uint8Array(pairDrug.length);
    const months = new Map();
    let rowCount = 0;
    let chosen = 0;
    let undated = 0;
    for (let m = 0; m < mentionCount; m += 1) {
      if (!selection.mention[m]) {
        continue;
      }
      const p = publicationOf[m];
      const d = drugOf[m];
      chosen += 1;
      rowCount += rowsOf(d, selection.code).length;
      byDrug[d] += 1;
      if (month[p] === UNDATED) {
        undated += 1;
      } else {
        let entry = months.get(month[p]);
        if (entry === undefined) {
          entry = [0, 0];
          months.set(month[p], entry);
        }
        entry[kind[p]] += 1;
      }
      if (pairOf[m] !== NONE && !pairSeen[pairOf[m]]) {
        pairSeen[pairOf[m]] = 1;
        drugsByJournal[journal[p]] += 1;
      }
    }
    const kinds = [0, 0];
    let published = 0;
    for (let p = 0; p < publicationCount; p += 1) {
      if (selection.publication[p]) {
        published += 1;
        kinds[kind[p]] += 1;
        if (journal[p] !== NONE) {
          byJournal[journal[p]] += 1;
        }
      }
    }

    const rankedDrugs = ranked(byDrug);
    const rankedJournals = ranked(byJournal);
    const answers = ranked(drugsByJournal);
    const topDrugs = rankedDrugs.slice(0, top);
    const topJournals = rankedJournals.slice(0, top);

    // Both of the top only: a small matrix, and months by drug.
    const drugPlace = placesOf(topDrugs, drugs.name.length);
    const journalPlace = placesOf(topJournals, journals.name.length);
    const cells = topDrugs.map(() => new Array(topJournals.length).fill(0));
    const series = topDrugs.map(() => new Map());
    for (let m = 0; m < mentionCount; m += 1) {
      const place = drugPlace[drugOf[m]];
      if (!selection.mention[m] || place === NONE) {
        continue;
      }
      const p = publicationOf[m];
      if (month[p] !== UNDATED) {
        series[place].set(month[p], (series[place].get(month[p]) ?? 0) + 1);
      }
      if (journal[p] !== NONE && journalPlace[journal[p]] !== NONE) {
        cells[place][journalPlace[journal[p]]] += 1;
      }
    }

    const winner = answers.length > 0 ? drugsByJournal[answers[0]] : 0;
    const leading = answers.slice(0, 8);
    const leaderPlace = placesOf(leading, journals.name.length);
    const leadersDrugs = leading.map(() => []);
    for (let pair = 0; pair < pairSeen.length; pair += 1) {
      const place = leaderPlace[pairJournal[pair]];
      if (pairSeen[pair] && place !== NONE) {
        leadersDrugs[place].push(pairDrug[pair]);
      }
    }
    const leaders = leading.map((j, place) => ({
      journal: journals.name[j],
      drugCount: drugsByJournal[j],
      drugs: leadersDrugs[place]
        .sort((a, b) => a - b)
        .slice(0, 13)
        .map((d) => drugs.name[d]),
    }));
    return {
      rows: rowCount,
      mentions: chosen,
      publications: published,
      articles: kinds[0],
      trials: kinds[1],
      drugs: rankedDrugs.length,
      journals: rankedJournals.length,
      undated,
      months: [...months]
        .map(([at, entry]) => [at, ...entry])
        .sort((a, b) => a[0] - b[0]),
      topDrugs: topDrugs.map((d, place) => ({
        name: drugs.name[d],
        publications: byDrug[d],
        months: [...series[place]].sort((a, b) => a[0] - b[0]),
      })),
      topJournals: topJournals.map((j) => ({
        name: journals.name[j],
        publications: byJournal[j],
      })),
      cells,
      leaders,
      tied: answers.filter((j) => drugsByJournal[j] === winner).length - 1,
    };
  }

  function placesOf(chosen, size) {
    const places = new Int32Array(size).fill(NONE);
    chosen.forEach((n, place) => {
      places[n] = place;
    });
    return places;
  }

  /** ATC codes by which a drug has rows in the published file. */
  function rowsOf(d, code) {
    return code === ""
      ? drugs.codes[d]
      : drugs.codes[d].filter((one) => one.toUpperCase().startsWith(code));
  }

  // Orders of publications; the given one is from the newest to the oldest.
  const orders = { date: null };
  function orderBy(column) {
    if (orders[column] === undefined) {
      const place = Int32Array.from({ length: publicationCount }, (_, p) => p);
      if (column === "title") {
        const { text, starts } = titles();
        const keys = publications.title.map((_, p) =>
          text.slice(starts[p], starts[p + 1]).replace(/^[^\p{L}\p{N}]+/u, ""),
        );
        place.sort((a, b) => (keys[a] < keys[b] ? -1 : keys[a] > keys[b] ? 1 : a - b));
      } else if (column === "journal") {
        // Journals are numbered by name; those without one come last.
        const key = journal.map((j) => (j === NONE ? 2 ** 31 - 1 : j));
        place.sort((a, b) => key[a] - key[b] || a - b);
      } else {
        place.sort((a, b) => kind[a] - kind[b] || a - b);
      }
      orders[column] = place;
    }
    return orders[column];
  }

  /** Numbers of the publications that pass, in a column's order. */
  function listed(selection, column, isReversed) {
    const order = orderBy(column);
    const found = [];
    for (let n = 0; n < publicationCount; n += 1) {
      const p = order === null ? n : order[n];
      if (selection.publication[p]) {
        found.push(p);
      }
    }
    return isReversed ? found.reverse() : found;
  }

  /** All that is known of one publication. */
  function describe(p, selection) {
    const found = [];
    for (let m = first[p]; m < first[p + 1]; m += 1) {
      if (selection.mention[m]) {
        found.push({
          drug: drugs.name[drugOf[m]],
          codes: rowsOf(drugOf[m], selection.code),
          // None where it is the drug's name.
          text: data.texts[data.mentions.text[m] - 1] ?? null,
        });
      }
    }
    return {
      id: publications.id[p] === null ? null : String(publications.id[p]),
      title: publications.title[p],
      kind: KINDS[kind[p]],
      journal: spelling[p] === NONE ? null : journals.name[spelling[p]],
      shownJournal: journal[p] === NONE ? null : journals.name[journal[p]],
      day: day[p] === UNDATED ? null : day[p],
      precision: PRECISIONS[precision[p]],
      mentions: found,
    };
  }

  return {
    data,
    describe,
    drugNames: drugs.name,
    codes: [...new Set(drugs.codes.flat())].sort(),
    journalNames: journals.name.filter((_, j) => journals.shown[j] === j),
    fold,
    listed,
    prepare: titles,
    select,
    summarise,
  };
})();
