/* When the map shows. It is an extra: the list needs no script, and nothing of the map is loaded
   until it shows. Beside the list on wide screens, in its place on narrow ones, on request there. */
const WIDE = window.matchMedia("(min-width: 69rem)");

function setUp(block) {
  const toggle = document.querySelector("[data-map-toggle]");
  const list = document.querySelector("[data-map-list]");
  const button = toggle.querySelector("button");
  const label = button.querySelector("[data-show]");
  let started;
  let isAsked = false;

  const start = () => {
    started ??= import("./map_start.js")
      .then((module) => module.start(block))
      .catch(() => {
        started = undefined;
        block.hidden = true;
      });
    return started;
  };
  const place = () => {
    // Beside the list there is room; people who spare their data ask for it.
    const isBeside = WIDE.matches && !navigator.connection?.saveData;
    toggle.hidden = isBeside;
    block.hidden = !isBeside && !isAsked;
    if (list) list.hidden = !isBeside && isAsked;
    label.textContent = isAsked ? label.dataset.hide : label.dataset.show;
    button.setAttribute("aria-expanded", String(isAsked));
    if (!block.hidden) seen.observe(block);
  };
  // Further down the page, it may never be looked at.
  const seen = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    seen.disconnect();
    start();
  });
  button.addEventListener("click", () => {
    isAsked = !isAsked;
    place();
    toggle.scrollIntoView({ block: "start" });
  });
  WIDE.addEventListener("change", place);
  place();
}

document.querySelectorAll("[data-map]").forEach(setUp);
