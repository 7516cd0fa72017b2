/* Notes about places: in the fragment of the address (#notes=12:texte;45:texte), never sent to the
   server. This tab remembers them while one goes on searching. A field shows its note and lets it
   be changed; another element gets its text. */
const KEY = "notes";
const LONGEST = 200;
const shown = [...document.querySelectorAll("[data-note]")];
const links = [...document.querySelectorAll("[data-keeps-notes]")];
let notes = new Map();

function remembered(text) {
  try {
    if (text === undefined) return sessionStorage.getItem(KEY) || "";
    if (text) sessionStorage.setItem(KEY, text);
    else sessionStorage.removeItem(KEY);
  } catch {
    // Storage is refused: the address alone keeps them.
  }
  return "";
}

const partsOf = (hash) => hash.replace(/^#/, "").split("&").filter(Boolean);
const isNotes = (part) => part.startsWith(`${KEY}=`);
const anchorOf = (hash) => partsOf(hash).find((part) => !part.includes("=")) || "";

function read(hash) {
  const written = partsOf(hash).find(isNotes) ?? `${KEY}=${remembered()}`;
  const read = new Map();
  for (const pair of written.slice(KEY.length + 1).split(";")) {
    const [number, text] = pair.split(/:(.*)/s);
    try {
      if (/^\d+$/.test(number) && text) read.set(number, decodeURIComponent(text).slice(0, LONGEST));
    } catch {
      // Cut in the middle of a letter: that note is lost, the others are not.
    }
  }
  return read;
}

function written() {
  const pairs = [...notes].filter(([, text]) => text.trim());
  return pairs.map(([number, text]) => `${number}:${encodeURIComponent(text)}`).join(";");
}

const hashOf = (anchor) => {
  const text = written();
  const parts = [anchor, text && `${KEY}=${text}`].filter(Boolean);
  return parts.length ? `#${parts.join("&")}` : "";
};

function keep() {
  remembered(written());
  const here = new URL(location.href);
  here.hash = hashOf(anchorOf(location.hash));
  history.replaceState(history.state, "", here);
  carry();
}

function carry() {
  links.forEach((link) => {
    const target = new URL(link.href);
    target.hash = hashOf(anchorOf(target.hash));
    link.href = target;
  });
}

function show() {
  notes = read(location.hash);
  shown.forEach((element) => {
    const text = notes.get(element.dataset.note) || "";
    const isField = "value" in element;
    if (isField) element.value = text;
    else element.textContent = text;
    element.hidden = !text && !isField;
    const block = element.closest("[data-note-block]");
    if (!block) return;
    block.hidden = element.hidden;
    // A note is shown; an empty one waits, folded.
    if ("open" in block && document.activeElement !== element) block.open = text !== "";
  });
  carry();
  // With notes beside it, the browser does not find the anchor by itself.
  if (partsOf(location.hash).some(isNotes)) {
    document.getElementById(anchorOf(location.hash))?.scrollIntoView();
  }
}

shown.filter((element) => "value" in element).forEach((field) => {
  field.addEventListener("input", () => {
    notes.set(field.dataset.note, field.value);
    keep();
  });
});
addEventListener("hashchange", show);
show();
