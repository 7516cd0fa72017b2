/* "Search in this area": moving the map searches nothing; this link does, and its address tells
   the box. */
const DECIMALS = 4; // of degrees: ten metres

export function watchArea(map, block) {
  const area = block.querySelector("[data-map-area]");
  const keep = document.querySelector("input[name=bbox]");
  // A town that is typed lies elsewhere: the box must not limit its search.
  document.querySelector("input[name=ou]")?.addEventListener("input", () => {
    if (keep) keep.checked = false;
  });
  if (!area) return;
  const link = area.querySelector("a");
  const address = new URL(link.href);
  map.on("moveend", () => {
    if (map.isOurs) return;
    address.searchParams.set("bbox", box(map.getBounds()));
    link.href = address;
    area.hidden = false;
  });
}

function box(bounds) {
  const within = (value, limit) => Math.max(-limit, Math.min(limit, value));
  const sides = [
    within(bounds.getWest(), 180),
    within(bounds.getSouth(), 90),
    within(bounds.getEast(), 180),
    within(bounds.getNorth(), 90),
  ];
  return sides.map((degrees) => degrees.toFixed(DECIMALS)).join(",");
}
