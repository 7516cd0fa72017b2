/* A shared computer: "Tout effacer" without leaving a page behind, and an offer to do so after ten
   minutes of rest. Nothing is ever erased by itself. Without this script, a link leads to a page. */
const REST = 10 * 60_000; // milliseconds
const ONE_MINUTE = 60_000; // milliseconds
const LONGEST_WAIT = 4_000; // milliseconds: some browsers are slow to empty their cache
const OWN_DEVICE = "my-own-device";
const ACTIVITY = ["pointerdown", "keydown", "wheel", "touchstart", "scroll", "focusin"];
const dialog = document.querySelector("[data-erase-dialog]");
let lastSeen = Date.now();

function quietly(action) {
  try {
    return action();
  } catch {
    return null; // Storage is refused: there is nothing to erase in it.
  }
}

async function eraseAll() {
  const form = dialog.querySelector("form");
  quietly(() => localStorage.clear());
  quietly(() => sessionStorage.clear());
  const names = (await quietly(() => caches.keys())?.catch(() => [])) || [];
  await Promise.all(names.map((name) => caches.delete(name)));
  try {
    await fetch(form.action, { method: "POST", signal: AbortSignal.timeout(LONGEST_WAIT) });
  } catch {
    // No network, or a slow cache: what this page could erase is erased.
  }
  // Takes the place of this page: "back" does not show it again.
  location.replace(dialog.dataset.eraseDone);
}

function ask(isOffer) {
  dialog.querySelectorAll("[data-when]").forEach((part) => {
    part.hidden = part.dataset.when !== (isOffer ? "rest" : "asked");
  });
  if (!dialog.open) dialog.showModal();
  // The answer that changes nothing comes first under the finger.
  dialog.querySelector("[data-erase-keep]").focus();
}

/* Is there something of a person here? A home page that was only opened has nothing to hide. */
function hasTraces() {
  const kept = quietly(() => localStorage.length + sessionStorage.length) || 0;
  return kept > 0 || location.search !== "" || document.querySelector("[data-trace]") !== null;
}

function watch() {
  const isMine = quietly(() => localStorage.getItem(OWN_DEVICE));
  const rested = Date.now() - lastSeen;
  if (!isMine && !dialog.open && rested >= REST && hasTraces()) ask(true);
  setTimeout(watch, rested < REST ? REST - rested : ONE_MINUTE);
}

function start() {
  dialog.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    event.submitter?.setAttribute("disabled", "");
    eraseAll();
  });
  dialog.querySelector("[data-erase-keep]").addEventListener("click", () => dialog.close());
  dialog.querySelector("[data-erase-mine]").addEventListener("click", () => {
    quietly(() => localStorage.setItem(OWN_DEVICE, "1"));
    dialog.close();
  });
  dialog.addEventListener("close", () => (lastSeen = Date.now()));
  document.querySelectorAll("[data-erase]").forEach((link) => {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      ask(false);
    });
  });
  ACTIVITY.forEach((name) => {
    addEventListener(name, () => (lastSeen = Date.now()), { passive: true, capture: true });
  });
  setTimeout(watch, REST);
}

if (dialog && "showModal" in dialog) start();
