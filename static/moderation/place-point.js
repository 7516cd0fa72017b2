/* Picks the point of a place on a map; the two fields stay the truth, and work alone. */
import { loadLeaflet } from "../js/map_leaflet.js";
import { createView } from "../js/map_view.js";

const NEAR = 15;
const FRANCE = [46.6, 2.4];
const STEPS = { ArrowLeft: [-5, 0], ArrowRight: [5, 0], ArrowUp: [0, -5], ArrowDown: [0, 5] }; // pixels
const DIGITS = 6; // of a degree: ten centimetres

export function openPoint(block) {
  const seen = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    seen.disconnect();
    start(block).catch(() => {
      block.querySelector("[data-map-canvas]").hidden = true;
      block.querySelector("[data-map-help]").hidden = true;
    });
  });
  seen.observe(block);
}

async function start(block) {
  const L = await loadLeaflet(block.dataset);
  const fields = ["latitude", "longitude"].map((name) => block.closest("form").elements.namedItem(name));
  const precision = block.closest("form").elements.namedItem("position_precision");
  block.querySelectorAll("[data-map-canvas], [data-map-help]").forEach((it) => (it.hidden = false));
  const { map: label, zoomIn, zoomOut, outlinesCredit: outlines } = block.dataset;
  const map = createView(L, block, { map: label, zoomIn, zoomOut, outlines });
  let marker;

  const typed = () => {
    const point = fields.map((field) => Number.parseFloat(field.value.replace(",", ".")));
    return point.every(Number.isFinite) ? point : null;
  };
  const write = ({ lat, lng }) => {
    [lat, lng].forEach((degrees, rank) => (fields[rank].value = degrees.toFixed(DIGITS)));
    if (precision) precision.value = "address";
  };
  const put = (point) => {
    if (marker) return marker.setLatLng(point);
    const icon = L.divIcon({ className: "place-pin", iconSize: [28, 28] });
    const title = block.dataset.pointLabel;
    marker = L.marker(point, { icon, draggable: true, autoPan: true, title, alt: title }).addTo(map);
    marker.on("dragend", () => write(marker.getLatLng()));
    const element = marker.getElement();
    element.setAttribute("aria-label", title);
    element.addEventListener("keydown", (event) => move(event));
    return marker;
  };
  const move = (event) => {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const moved = map.unproject(map.project(marker.getLatLng()).add(step));
    marker.setLatLng(moved);
    map.panInside(moved, { padding: [40, 40] });
    write(moved);
  };

  const centre = block.dataset.centre.split(",").map(Number);
  const first = typed();
  map.setView(first ?? (block.dataset.centre ? centre : FRANCE), first ? NEAR : block.dataset.centre ? 13 : 5);
  if (first) put(first);
  map.on("click", ({ latlng }) => {
    put(latlng);
    write(latlng);
  });
  fields.forEach((field) =>
    field.addEventListener("change", () => {
      const point = typed();
      if (!point) return;
      put(point);
      map.panTo(point);
    }),
  );
}
