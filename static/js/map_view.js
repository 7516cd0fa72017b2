/* The map itself: its background, its controls in French, what it shows at first. */
const FRANCE = [
  [41.2, -5.5],
  [51.2, 9.8],
];
const NEAR = 15; // zoom: closer than this at first, a map shows streets and no town
const STEP = 120; // pixels moved by a button

export function createView(L, block, words) {
  const { tiles, credit, outlines, maxZoom } = block.dataset;
  const canvas = block.querySelector("[data-map-canvas]");
  const isCalm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(canvas, {
    minZoom: 3,
    maxZoom: Number(maxZoom),
    maxBounds: [
      [-85, -180],
      [85, 180],
    ],
    zoomControl: false,
    attributionControl: false,
    zoomAnimation: !isCalm,
    fadeAnimation: !isCalm,
    markerZoomAnimation: !isCalm,
    inertia: !isCalm,
  });
  canvas.setAttribute("role", "region");
  canvas.setAttribute("aria-label", words.map);
  L.control.zoom({ zoomInTitle: words.zoomIn, zoomOutTitle: words.zoomOut }).addTo(map);
  const credits = L.control.attribution({ prefix: false }).addTo(map);
  const drawOutlines = once(() => addOutlines(L, map, outlines, credits, words));
  if (tiles) {
    L.tileLayer(tiles, { maxZoom: Number(maxZoom), attribution: credit, referrerPolicy: "strict-origin-when-cross-origin" })
      .on("tileerror", drawOutlines)
      .addTo(map);
  } else {
    drawOutlines();
  }
  for (const button of block.querySelectorAll("[data-map-move]")) {
    const [right, down] = button.dataset.mapMove.split(",").map(Number);
    button.addEventListener("click", () => map.panBy([right * STEP, down * STEP]));
  }
  panWithArrows(map, canvas);
  return map;
}

const once = (make) => {
  let isMade = false;
  return () => {
    if (!isMade) make();
    isMade = true;
  };
};

/* Under the tiles: those that come hide it, those that fail leave a readable map. */
async function addOutlines(L, map, address, credits, words) {
  const answer = await fetch(address).catch(() => null);
  if (!answer?.ok) return;
  map.createPane("outlines").classList.add("map-outlines");
  L.geoJSON(await answer.json(), { pane: "outlines", interactive: false, className: "map-outline" }).addTo(map);
  credits.addAttribution(words.outlines);
}

/* Leaflet listens to arrows on the map alone; on a marker they move it as well. */
function panWithArrows(map, canvas) {
  const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  canvas.addEventListener("keydown", (event) => {
    const step = steps[event.key];
    if (!step || event.target === canvas) return;
    event.preventDefault();
    map.panBy([step[0] * STEP, step[1] * STEP]);
  });
}

/* The box searched; else all the features, when they are given; else the places of the list's page:
   what one reads is what one sees. */
export function firstView(L, map, block, features) {
  if (block.dataset.box) return map.fitBounds(corners(block.dataset.box));
  const cards = document.querySelectorAll("[data-point]");
  const points = features.length
    ? features.map(({ geometry: { coordinates }, properties }) => corners(properties.bounds ?? [...coordinates, ...coordinates]))
    : [...cards].map((card) => card.dataset.point.split(",").map(Number));
  const bounds = L.latLngBounds(points.length ? [] : FRANCE);
  points.forEach((point) => bounds.extend(point));
  const margin = features.length ? 12 : 40;
  return map.fitBounds(bounds, { padding: [margin, margin], maxZoom: NEAR });
}

/* West, south, east, north, as addresses and GeoJSON have a box, in Leaflet's order. */
function corners(box) {
  const [west, south, east, north] = String(box).split(",").map(Number);
  return [
    [south, west],
    [north, east],
  ];
}

/* Tells moves that the page makes by itself from those that a person makes. */
export function movable(map) {
  return (move) => {
    map.isOurs = true;
    move();
    map.once("moveend", () => (map.isOurs = false));
    setTimeout(() => (map.isOurs = false), 500);
  };
}
