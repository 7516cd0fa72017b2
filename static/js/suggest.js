/* Suggestions under a field while typing: WAI-ARIA 1.2 combobox with a list, focus stays in the
   field. An enhancement: without it, or when the server does not answer, the field is a plain one.
   Suggestions are shown as text, never as HTML. */
const PAUSE = 250; // milliseconds without a key before asking
const LEAST = 2; // characters

class Suggest {
  constructor(input) {
    this.input = input;
    this.active = -1;
    this.options = [];
    this.list = document.createElement("ul");
    this.list.id = `${input.id}-propositions`;
    this.list.className = "suggestions";
    this.list.hidden = true;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", input.dataset.suggestList);
    this.said = document.createElement("span");
    this.said.className = "visually-hidden";
    this.said.setAttribute("role", "status");
    input.after(this.list, this.said);
    this.describe();
    this.listen();
  }

  describe() {
    this.input.setAttribute("role", "combobox");
    this.input.setAttribute("aria-autocomplete", "list");
    this.input.setAttribute("aria-controls", this.list.id);
    this.input.setAttribute("aria-expanded", "false");
  }

  listen() {
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("keydown", (event) => this.pressed(event));
    // Closing on blur would move the button that is being pressed away from under the finger.
    document.addEventListener("click", (event) => {
      if (!this.input.parentElement.contains(event.target)) this.close();
    });
    // The field keeps the focus when an option is pressed.
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.choose(option);
    });
  }

  typed() {
    this.close();
    this.options = [];
    const text = this.input.value.trim();
    if (text.length >= LEAST) this.timer = setTimeout(() => this.ask(text), PAUSE);
  }

  async ask(text) {
    this.asking = new AbortController();
    const query = new URLSearchParams({ champ: this.input.dataset.suggest, q: text });
    try {
      const answer = await fetch(`${this.input.dataset.suggestUrl}?${query}`, {
        headers: { Accept: "application/json" },
        signal: this.asking.signal,
      });
      if (answer.ok) this.show((await answer.json()).suggestions);
    } catch {
      // Aborted by the next key, or no network: the field works without suggestions.
    }
  }

  show(suggestions) {
    this.options = suggestions.map((suggestion, rank) => this.option(suggestion, rank));
    this.list.replaceChildren(...this.options);
    this.said.textContent = `${this.input.dataset.suggestList} (${this.options.length})`;
    if (this.options.length) this.open();
  }

  option({ text, detail }, rank) {
    const option = document.createElement("li");
    option.id = `${this.list.id}-${rank}`;
    option.dataset.text = text;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.append(text);
    if (detail) {
      const small = document.createElement("small");
      small.textContent = detail;
      option.append(" ", small);
    }
    return option;
  }

  open() {
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
  }

  /* Hide the list and forget what was being asked. */
  close() {
    clearTimeout(this.timer);
    this.asking?.abort();
    this.move(-1);
    this.list.hidden = true;
    this.said.textContent = "";
    this.input.setAttribute("aria-expanded", "false");
  }

  move(rank) {
    this.options[this.active]?.setAttribute("aria-selected", "false");
    this.active = rank;
    const option = this.options[rank];
    if (!option) return this.input.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", option.id);
  }

  choose(option) {
    this.input.value = option.dataset.text;
    this.close();
    this.options = [];
    this.input.focus();
  }

  pressed(event) {
    if (event.key === "Tab") this.close();
    if (event.isComposing || !this.options.length) return;
    const last = this.options.length - 1;
    const isOpen = !this.list.hidden;
    const actions = {
      ArrowDown: () => this.move(this.active < last ? this.active + 1 : 0),
      ArrowUp: () => this.move(this.active > 0 ? this.active - 1 : last),
      Enter: isOpen && this.active >= 0 && (() => this.choose(this.options[this.active])),
      Escape: isOpen && (() => this.close()),
    };
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    if (event.key.startsWith("Arrow")) this.open();
    action();
  }
}

document.querySelectorAll("[data-suggest]").forEach((input) => new Suggest(input));
