/* Select2 names its boxes by what they hold: an empty one has no name. Its label gives it one. */
function name(box) {
  const select = box.closest(".select2")?.previousElementSibling;
  const label = select?.id && document.querySelector(`label[for="${select.id}"]`);
  if (!label) return;
  box.dataset.named = select.id;
  label.id ||= `label-${select.id}`;
  const held = box.getAttribute("aria-labelledby");
  box.setAttribute("aria-labelledby", [label.id, held].filter(Boolean).join(" "));
  // What the box holds is told by the box: it is no field of its own.
  box.querySelector("[role=textbox]")?.removeAttribute("role");
  box.querySelector("[aria-readonly]")?.removeAttribute("aria-readonly");
  box.querySelector(".select2-search__field")?.setAttribute("aria-labelledby", label.id);
}

/* Boxes come when the page is ready, and with each new line. */
export function nameLists() {
  const all = () => {
    document.querySelectorAll(".select2-selection:not([data-named])").forEach(name);
    const box = document.querySelector(".select2-container--open [data-named]");
    const search = document.querySelector(".select2-dropdown .select2-search__field");
    if (box && search) search.setAttribute("aria-labelledby", `label-${box.dataset.named}`);
  };
  new MutationObserver(all).observe(document.body, { childList: true, subtree: true });
  all();
}
