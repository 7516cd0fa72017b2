/* Puts the parts of a map together. */
import { watchArea } from "./map_area.js";
import { lightCards } from "./map_cards.js";
import { Features } from "./map_features.js";
import { loadLeaflet } from "./map_leaflet.js";
import { Markers } from "./map_markers.js";
import { Panel } from "./map_panel.js";
import { createView, firstView, movable } from "./map_view.js";

const paddings = (panel) => ({ paddingTopLeft: [24, 64], paddingBottomRight: [24, panel.height] });

export async function start(block) {
  const L = await loadLeaflet(block.dataset);
  const words = JSON.parse(block.dataset.words);
  const map = createView(L, block, words);
  const panel = new Panel(block, words);
  const markers = new Markers(L, map, block.dataset.markers, words);
  const ours = movable(map);

  markers.onPlace = (marker, ids) => {
    panel.open(block.dataset.places, ids, marker);
  };
  // The panel must not hide what it tells of.
  panel.onOpened = () => ours(() => map.panInside(panel.marker.getLatLng(), paddings(panel)));
  markers.onCluster = (box, isByKeyboard) => {
    if (isByKeyboard) markers.focusWithin = L.latLngBounds(box);
    map.fitBounds(box, { maxZoom: map.getMaxZoom() });
  };
  panel.onClosed = (key) => markers.focus(key) || block.querySelector("[data-map-canvas]").focus();
  map.on("click", () => panel.close());

  if (block.dataset.feature) {
    const feature = JSON.parse(block.dataset.feature);
    const [longitude, latitude] = feature.geometry.coordinates;
    map.setView([latitude, longitude], 15);
    markers.isPressed = false;
    markers.show([feature]);
    return;
  }
  lightCards(markers);
  const features = new Features(map, block, words);
  features.onRead = (collection) => markers.show(collection.features);
  firstView(L, map, block, "all" in block.dataset ? await features.whole() : []);
  features.read();
  map.on("moveend", () => features.read());
  watchArea(map, block);
}
