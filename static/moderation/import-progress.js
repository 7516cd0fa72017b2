// Follows an import without reloading what is being read; a link does it without JavaScript.
const EVERY = 2000; // milliseconds

async function follow() {
  const shown = document.querySelector("[data-import-progress]");
  if (!shown) return;
  try {
    const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = page.querySelector("[data-import-progress]");
    if (answer.ok && now?.dataset.importProgress !== shown.dataset.importProgress) {
      location.reload();
      return;
    }
    const [label, newLabel] = [shown, now].map((part) => part?.querySelector("label"));
    const [bar, newBar] = [shown, now].map((part) => part?.querySelector("progress"));
    if (newLabel && label.textContent !== newLabel.textContent) {
      label.textContent = newLabel.textContent;
    }
    if (newBar?.hasAttribute("value")) {
      bar.max = newBar.max;
      bar.value = newBar.value;
    }
  } catch {
    // The site does not answer: the next time may do.
  }
  setTimeout(follow, EVERY);
}

setTimeout(follow, EVERY);
