/* A card and its marker light up together: pointed at, or holding the focus. */
const LIT = "is-lit";

export function lightCards(markers) {
  for (const card of document.querySelectorAll("[data-point]")) {
    const id = Number(card.id.split("-").pop());
    const point = card.dataset.point.split(",").map(Number);
    let marker;
    const dim = () => {
      marker?.getElement()?.classList.remove(LIT);
      marker?.setZIndexOffset(0);
      marker = undefined;
    };
    const light = () => {
      dim();
      marker = markers.of(id) ?? markers.holding(point);
      marker?.getElement().classList.add(LIT);
      // Above the others, which may hide it.
      marker?.setZIndexOffset(1000);
    };
    card.addEventListener("mouseenter", light);
    card.addEventListener("mouseleave", () => card.contains(document.activeElement) || dim());
    card.addEventListener("focusin", light);
    card.addEventListener("focusout", () => card.matches(":hover") || dim());
  }
  markers.onLight = (id, isLit) => {
    document.getElementById(`lieu-${id}`)?.classList.toggle(LIT, isLit);
  };
}
