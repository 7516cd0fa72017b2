/* The carnet without reloading: adds and removes on the spot, and keeps the list in this browser.
   An enhancement: without it, or without storage, each button is a link that does the same. */
const KEY = "carnet";
const bar = document.querySelector("[data-carnet-bar]");
const page = document.querySelector("[data-carnet-page]");

const numbersOf = (text) => [...new Set((text || "").split(",").filter((part) => /^\d+$/.test(part)))];
const textOf = (numbers) => numbers.join(",");

/* null when the browser refuses to keep anything. */
function stored() {
  try {
    return numbersOf(localStorage.getItem(KEY));
  } catch {
    return null;
  }
}

function store(numbers) {
  if (numbers.length) localStorage.setItem(KEY, textOf(numbers));
  else localStorage.removeItem(KEY);
}

/* Addresses of a list: those of the server, with this list. */
function addressOf(path, numbers) {
  const query = new URLSearchParams();
  query.set("lieux", textOf(numbers));
  const here = new URLSearchParams(location.search);
  if (here.get("besoin")) query.set("besoin", here.get("besoin"));
  if (path === bar.dataset.carnetUrl && location.pathname === bar.dataset.searchUrl) {
    query.set("recherche", here.toString().slice(0, 500));
  }
  return `${path}?${query.toString().replaceAll("%2C", ",")}`;
}

function countText(count) {
  const { none, one, many } = bar.dataset;
  return count > 1 ? many.replace("2", count) : count ? one : none;
}

function draw(said = false) {
  const numbers = stored();
  bar.hidden = !numbers.length;
  bar.querySelectorAll("[data-carnet-link]").forEach((link) => {
    link.href = addressOf(bar.dataset[`${link.dataset.carnetLink}Url`], numbers);
  });
  bar.querySelector("[data-carnet-count]").textContent = countText(numbers.length);
  document.querySelectorAll("[data-carnet-toggle]").forEach((button) => {
    const isIn = numbers.includes(button.dataset.carnetToggle);
    button.querySelector("[data-when=in]").hidden = !isIn;
    button.querySelector("[data-when=out]").hidden = isIn;
    button.classList.toggle("is-in-carnet", isIn);
  });
  document.querySelectorAll("[data-carnet-add]").forEach((link) => {
    const isIn = numbers.includes(link.dataset.carnetAdd);
    link.firstChild.textContent = isIn ? bar.dataset.see : bar.dataset.add;
    if (isIn) link.href = addressOf(bar.dataset.carnetUrl, numbers);
  });
  if (said) document.querySelector("[data-carnet-said]").textContent = said;
}

function toggle(number) {
  const numbers = stored();
  const isIn = numbers.includes(number);
  if (!isIn && numbers.length >= Number(bar.dataset.limit)) return draw(bar.dataset.full);
  store(isIn ? numbers.filter((other) => other !== number) : [...numbers, number]);
  draw(`${isIn ? bar.dataset.removed : bar.dataset.added} ${countText(stored().length)}.`);
}

/* What does something on the spot is a button, for the keyboard and for screen readers. */
function asButton(link) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = link.className;
  button.id = link.id;
  button.dataset.carnetToggle = link.dataset.carnetToggle;
  link.firstChild.replaceWith(bar.querySelector("[data-carnet-words]").content.cloneNode(true));
  button.append(...link.childNodes);
  button.addEventListener("click", () => toggle(button.dataset.carnetToggle));
  link.replaceWith(button);
}

/* Links that come later, in the panel of a map: the first gesture adds, the next shows the carnet. */
function followLater() {
  document.addEventListener("click", (event) => {
    const number = event.target.closest("[data-carnet-add]")?.dataset.carnetAdd;
    if (!number || stored().includes(number)) return;
    event.preventDefault();
    toggle(number);
  });
  const isNew = (node) => node.nodeType === 1 && node.querySelector("[data-carnet-add]");
  new MutationObserver((changes) => {
    if (changes.some((change) => [...change.addedNodes].some(isNew))) draw();
  }).observe(document.body, { childList: true, subtree: true });
}

/* The list is in the browser: addresses that carry it would soon be late. */
function forgetAddress() {
  const here = new URL(location.href);
  if (!here.searchParams.has(KEY)) return;
  here.searchParams.delete(KEY);
  history.replaceState(history.state, "", here);
  document.querySelectorAll("a[href*='carnet=']").forEach((link) => {
    const target = new URL(link.href);
    target.searchParams.delete(KEY);
    link.href = target;
  });
  document.querySelectorAll("input[name=carnet]").forEach((field) => field.remove());
}

function startSearch() {
  const carried = numbersOf(bar.dataset.carnetBar);
  if (carried.length && !stored().length) store(carried);
  forgetAddress();
  document.querySelectorAll("a[data-carnet-toggle]").forEach(asButton);
  draw();
  followLater();
  // A page that the browser kept aside, or another tab: the list may have changed since.
  addEventListener("pageshow", (event) => event.persisted && draw());
  addEventListener("storage", () => draw());
}

/* The page of the carnet shows what its address says; only what was done here changes the list. */
function startCarnet() {
  const shown = numbersOf(page.dataset.carnetPage);
  const mine = stored();
  const isMyDoing = document.referrer.startsWith(`${location.origin}/`);
  const query = new URLSearchParams(location.search);
  if (!query.has("lieux") && mine.length) {
    query.set("lieux", textOf(mine));
    return location.replace(`${location.pathname}?${query.toString().replaceAll("%2C", ",")}`);
  }
  if (isMyDoing || !mine.length) return store(shown);
  const other = page.querySelector("[data-carnet-mine]");
  if (!other || textOf(mine) === textOf(shown)) return;
  other.querySelector("a").href = `${location.pathname}?lieux=${textOf(mine)}`;
  other.hidden = false;
}

if (stored() !== null) {
  if (page) startCarnet();
  else if (bar) startSearch();
}
