"use strict";
(() => {
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  // ── folding: what a search ignores ──────────────────────────────────────────────────────────────────────────
  const ALIKE = {
    "‘": "'", "’": "'", "ʼ": "'", "“": '"', "”": '"', "‐": "-", "‑": "-", "–": "-", "—": "-",
    "ß": "ss", "ẞ": "ss", "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "đ": "d", "Đ": "d",
  };
  const folded = new Map();
  function foldCharacter(character) {
    if (character <= "\u007f") return character === "\n" || character === "\t" ? " " : character.toLowerCase();
    let known = folded.get(character);
    if (known === undefined) {
      known = ALIKE[character] ?? character.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
      folded.set(character, known);
    }
    return known;
  }
  // The folded text, and for each of its characters the place in the text that it comes from.
  function fold(text) {
    let out = "";
    const from = [];
    let place = 0;
    for (const character of text) {
      const plain = foldCharacter(character);
      for (let i = 0; i < plain.length; i += 1) from.push(place);
      out += plain;
      place += character.length;
    }
    from.push(place);
    return { text: out, from };
  }
  const terms = (query) =>
    [...fold(query).text.matchAll(/"([^"]+)"?|([^\s"]+)/g)].map((m) => (m[1] ?? m[2]).trim()).filter(Boolean);

  // Where a term stands in a folded text. One of up to three letters counts at the beginning of a word only: "in" is
  // not a find in "minutes".
  const LETTER = /[\p{L}\p{N}]/u;
  function places(text, term) {
    const found = [];
    for (let at = text.indexOf(term); at >= 0; at = text.indexOf(term, at + 1)) {
      if (term.length > 3 || at === 0 || !LETTER.test(text[at - 1])) found.push(at);
    }
    return found;
  }

  // ── the page ────────────────────────────────────────────────────────────────────────────────────────────────
  const quotes = all("figure.quote").map((element) => {
    const words = one(".words", element);
    const attribution = one(".attribution", element);
    return {
      element, words, attribution,
      theme: element.closest(".theme").dataset.theme,
      heading: element.closest(".theme").dataset.heading,
      group: element.dataset.group,
      question: element.dataset.question,
      text: `“${words.textContent}” — ${attribution.textContent}`,
      hay: `${fold(words.textContent).text}\n${fold(attribution.textContent).text}`,
      marked: false,
    };
  });
  const sections = all("section.theme").map((element) => ({
    element, theme: element.dataset.theme, heading: element.dataset.heading, label: one(".label", element).textContent,
  }));
  // A link of the list leads to one theme, to the themes under one heading, or to all.
  const links = all(".themes a").map((element) => ({
    element, theme: element.dataset.theme ?? "", heading: element.dataset.heading ?? "", shown: one(".shown", element),
  }));
  const within = (place, wanted) => (!wanted.theme || place.theme === wanted.theme) && (!wanted.heading || place.heading === wanted.heading);
  const form = one(".filters");
  const inputs = { q: one("#words"), group: one("#group"), question: one("#question") };
  const count = one("#count");
  const nothing = one("#nothing");
  const clear = one("#clear");
  const copyAll = one("#copy-all");
  const announcement = one("#announce");
  const chosen = one(".chosen");
  const narrow = matchMedia("(max-width: 56rem)");
  const plural = (n, word) => `${n.toLocaleString("en-GB")} ${word}${n === 1 ? "" : "s"}`;

  // ── state: what the address bar says ────────────────────────────────────────────────────────────────────────
  const EMPTY = { heading: "", theme: "", group: "", question: "", q: "" };
  let state = { ...EMPTY };
  function hashOf(values) {
    const parts = new URLSearchParams();
    for (const [name, value] of Object.entries(values)) if (value) parts.set(name, value);
    return `#${parts}`;
  }
  function fromHash() {
    const given = new URLSearchParams(location.hash.slice(1));
    const values = { ...EMPTY };
    for (const name of Object.keys(values)) values[name] = given.get(name) ?? "";
    if (!sections.some((section) => section.theme === values.theme)) values.theme = "";
    if (values.theme || !sections.some((section) => section.heading === values.heading)) values.heading = "";
    for (const name of ["group", "question"]) {
      if (![...inputs[name].options].some((option) => option.value === values[name])) values[name] = "";
    }
    return values;
  }
  function go(changes, { remember = false } = {}) {
    state = { ...state, ...changes };
    show();
    try {
      history[remember ? "pushState" : "replaceState"](null, "", hashOf(state));
    } catch {
      // Some browsers allow only so many changes of the address in half a minute; the view itself is right.
    }
  }

  // ── showing ─────────────────────────────────────────────────────────────────────────────────────────────────
  function show() {
    for (const [name, input] of Object.entries(inputs)) if (input.value !== state[name]) input.value = state[name];
    const wanted = terms(state.q);
    const perTheme = new Map();
    let shown = 0;
    for (const quote of quotes) {
      const fits =
        (!state.group || quote.group === state.group) &&
        (!state.question || quote.question === state.question) &&
        wanted.every((term) => quote.hay.includes(term) && places(quote.hay, term).length);
      if (fits) perTheme.set(quote.theme, (perTheme.get(quote.theme) ?? 0) + 1);
      const visible = fits && within(quote, state);
      quote.element.hidden = !visible;
      if (visible) shown += 1;
      if (quote.marked) unmark(quote);
      if (visible && wanted.length) mark(quote, wanted);
    }
    const narrowed = Boolean(state.group || state.question || wanted.length);
    let themes = 0;
    for (const section of sections) {
      section.element.hidden = !within(section, state) || (narrowed && !perTheme.get(section.theme));
      if (!section.element.hidden) themes += 1;
    }
    for (const { element, theme, heading, shown: label } of links) {
      const total = Number(label.dataset.total);
      const n = sections.reduce((sum, section) => sum + (within(section, { theme, heading }) ? perTheme.get(section.theme) ?? 0 : 0), 0);
      label.textContent = narrowed ? `${n.toLocaleString("en-GB")} of ${plural(total, "quote")}` : plural(total, "quote");
      element.classList.toggle("none", narrowed && n === 0);
      element.href = hashOf({ ...state, theme, heading });
      if (theme === state.theme && heading === state.heading) {
        element.setAttribute("aria-current", "true");
        chosen.textContent = one(".name", element).textContent;
      } else element.removeAttribute("aria-current");
    }
    const filtered = narrowed || Boolean(state.theme || state.heading);
    count.textContent = !filtered
      ? `${plural(quotes.length, "quote")} in ${plural(sections.length, "theme")}`
      : shown ? `${shown.toLocaleString("en-GB")} of ${plural(quotes.length, "quote")} in ${plural(themes, "theme")}` : "No quote matches";
    nothing.hidden = shown > 0 || !filtered;
    clear.hidden = !filtered;
    copyAll.disabled = shown === 0;
  }

  // ── highlighting, with text nodes and <mark> only ───────────────────────────────────────────────────────────
  function mark(quote, wanted) {
    for (const root of [quote.words, quote.attribution]) {
      const { text, from } = fold(root.textContent);
      const spans = [];
      for (const term of wanted) {
        for (const at of places(text, term)) spans.push([from[at], from[at + term.length]]);
      }
      if (!spans.length) continue;
      spans.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
      const merged = [];
      for (const [start, end] of spans) {
        const last = merged.at(-1);
        if (last && start <= last[1]) last[1] = Math.max(last[1], end);
        else merged.push([start, end]);
      }
      const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
      const nodes = [];
      while (walker.nextNode()) nodes.push(walker.currentNode);
      let offset = 0;
      for (const node of nodes) {
        const { data } = node;
        const pieces = document.createDocumentFragment();
        let done = 0;
        for (const [start, end] of merged) {
          const a = Math.max(start - offset, 0);
          const b = Math.min(end - offset, data.length);
          if (a >= b) continue;
          if (a > done) pieces.append(data.slice(done, a));
          const hit = document.createElement("mark");
          hit.append(data.slice(a, b));
          pieces.append(hit);
          done = b;
        }
        offset += data.length;
        if (done) {
          if (done < data.length) pieces.append(data.slice(done));
          node.replaceWith(pieces);
          quote.marked = true;
        }
      }
    }
  }
  function unmark(quote) {
    for (const hit of all("mark", quote.element)) hit.replaceWith(hit.textContent);
    quote.words.normalize();
    quote.attribution.normalize();
    quote.marked = false;
  }

  // ── copying ─────────────────────────────────────────────────────────────────────────────────────────────────
  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // Not a secure context, or no permission: the older way, through a text area nobody sees.
    }
    const focused = document.activeElement;
    const area = document.createElement("textarea");
    area.className = "unseen";
    area.value = text;
    area.readOnly = true;
    document.body.append(area);
    area.select();
    let copied = false;
    try {
      copied = document.execCommand("copy");
    } catch {
      copied = false;
    }
    area.remove();
    focused?.focus();
    return copied;
  }
  function say(words) {
    announcement.textContent = "";
    setTimeout(() => { announcement.textContent = words; }, 50);  // a change, even if the words are the same
  }
  const timers = new WeakMap();
  function confirmOn(button, words) {
    const label = button.firstChild;
    button.dataset.label ??= label.data;
    label.data = words;
    button.classList.add("done");
    clearTimeout(timers.get(button));
    timers.set(button, setTimeout(() => {
      label.data = button.dataset.label;
      button.classList.remove("done");
    }, 2000));
  }
  async function copyQuote(quote, button) {
    if (await copy(quote.text)) {
      confirmOn(button, "Copied");
      say("Quote copied with its attribution line");
      return;
    }
    getSelection().selectAllChildren(quote.words);
    confirmOn(button, "Not copied");
    say("This browser does not allow copying. The quote is selected: press Control C.");
  }
  async function copyShown() {
    const parts = [one(".draft").textContent.trim()];
    for (const section of sections) {
      const texts = quotes.filter((quote) => quote.theme === section.theme && !quote.element.hidden).map((quote) => quote.text);
      if (texts.length) parts.push(section.label, ...texts);
    }
    const n = quotes.filter((quote) => !quote.element.hidden).length;
    const copied = await copy(parts.join("\n\n"));
    confirmOn(copyAll, copied ? `Copied ${plural(n, "quote")}` : "Not copied");
    say(copied ? `${plural(n, "quote")} copied with attribution lines` : "This browser does not allow copying.");
  }

  // ── events ──────────────────────────────────────────────────────────────────────────────────────────────────
  inputs.q.addEventListener("input", () => go({ q: inputs.q.value }));
  for (const name of ["group", "question"]) {
    inputs[name].addEventListener("change", () => go({ [name]: inputs[name].value }, { remember: true }));
  }
  one(".themes").addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    go({ theme: link.dataset.theme ?? "", heading: link.dataset.heading ?? "" }, { remember: true });
    if (narrow.matches) one(".themes details").open = false;
    const top = one("#quotes").getBoundingClientRect().top;
    if (narrow.matches || top < 0) scrollBy(0, top - one(".draft").offsetHeight);
  });
  function clearAll() {
    go(EMPTY, { remember: true });
    inputs.q.focus();
  }
  clear.addEventListener("click", clearAll);
  one("#clear-nothing").addEventListener("click", clearAll);
  copyAll.addEventListener("click", copyShown);
  one("#quotes").addEventListener("click", (event) => {
    const button = event.target.closest("button.copy");
    if (button) copyQuote(quotes.find((quote) => quote.element.contains(button)), button);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  document.addEventListener("keydown", (event) => {
    const typingNow = /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName);
    if (event.key === "/" && !typingNow && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      inputs.q.focus();
      inputs.q.select();
    } else if (event.key === "Escape" && document.activeElement === inputs.q) {
      event.preventDefault();
      go({ q: "" });
    }
  });
  // Links to places on the page keep the filters: the address then names a place, not a view.
  for (const link of all('.skip, .summary a')) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      const target = one(link.getAttribute("href"));
      target.focus({ preventScroll: true });
      target.scrollIntoView();
    });
  }
  addEventListener("hashchange", () => { state = fromHash(); show(); });
  addEventListener("popstate", () => { state = fromHash(); show(); });

  form.hidden = false;
  for (const button of all("button.copy")) button.hidden = false;
  if (narrow.matches) one(".themes details").open = false;
  state = fromHash();
  show();
})();
