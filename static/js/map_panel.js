/* The short panel of the place that one selects: written by the server, closed by Escape, and the
   focus goes back to where it came from. */
export class Panel {
  constructor(block, words) {
    this.words = words;
    this.element = block.querySelector("[data-map-panel]");
    this.told = this.element.querySelector("[data-map-told]");
    this.onClosed = () => {};
    this.element.querySelector("[data-map-close]").addEventListener("click", () => this.close(true));
    block.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !this.element.hidden) this.close(true);
    });
  }

  get height() {
    return this.element.offsetHeight + 20;
  }

  async open(address, ids, marker) {
    const url = new URL(address, location.href);
    ids.forEach((id) => url.searchParams.append("id", id));
    this.opening = url.href;
    this.key = ids[0];
    this.select(marker);
    const html = await fetch(url, { headers: { Accept: "text/html" } })
      .then((answer) => (answer.ok ? answer.text() : null))
      .catch(() => null);
    // Another place was chosen meanwhile, or none.
    if (this.opening !== url.href) return;
    if (html === null) this.told.textContent = this.words.failed;
    else this.told.innerHTML = html;
    this.element.hidden = false;
    this.element.scrollTop = 0;
    this.element.focus({ preventScroll: true });
    this.onOpened?.();
  }

  select(marker) {
    this.marker?.getElement()?.classList.remove("is-chosen");
    this.marker = marker;
    marker?.getElement()?.classList.add("is-chosen");
  }

  close(hasFocus = false) {
    this.opening = undefined;
    this.select(null);
    if (this.element.hidden) return;
    this.element.hidden = true;
    if (hasFocus) this.onClosed(this.key);
  }
}
