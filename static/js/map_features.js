/* Asks the server for what the map's view shows, one view at a time. */
const SQUARE = 128; // pixels: views are widened to such squares, so that small moves ask nothing new
const WHOLES = [
  ["-5.5,41.2,9.8,51.2", 6],
  ["-180,-85,180,85", 4],
];

export class Features {
  constructor(map, block, words) {
    this.map = map;
    this.address = new URL(block.dataset.features, location.href);
    this.limit = block.dataset.box ? block.dataset.box.split(",").map(Number) : null;
    this.said = block.querySelector("[data-map-said]");
    this.lost = words.lost;
  }

  async read() {
    const box = this.view();
    const asked = `${box ?? ""}@${this.map.getZoom()}`;
    if (asked === this.asked) return;
    this.asked = asked;
    this.asking?.abort();
    if (!box) return this.onRead({ features: [] });
    this.asking = new AbortController();
    this.address.searchParams.set("bbox", box);
    this.address.searchParams.set("zoom", this.map.getZoom());
    try {
      const answer = await fetch(this.address, { signal: this.asking.signal });
      if (!answer.ok) throw new Error(String(answer.status));
      const collection = await answer.json();
      this.said.hidden = true;
      this.onRead(collection);
    } catch (error) {
      if (error.name === "AbortError") return;
      this.asked = undefined;
      this.said.textContent = this.lost;
      this.said.hidden = false;
    }
  }

  /* All there is in mainland France, else in the world: to choose the first view. */
  async whole() {
    for (const [box, zoom] of WHOLES) {
      this.address.searchParams.set("bbox", box);
      this.address.searchParams.set("zoom", zoom);
      const answer = await fetch(this.address).catch(() => null);
      const { features } = answer?.ok ? await answer.json() : { features: [] };
      if (features.length) return features;
    }
    return [];
  }

  /* The view in whole squares, inside the box searched when there is one; null when they part. */
  view() {
    const { map } = this;
    const { min, max } = map.getPixelBounds();
    const zoom = map.getZoom();
    const floor = (pixels) => Math.floor(pixels / SQUARE) * SQUARE;
    const ceil = (pixels) => Math.ceil(pixels / SQUARE) * SQUARE;
    const { lat: north, lng: west } = map.unproject([floor(min.x), floor(min.y)], zoom);
    const { lat: south, lng: east } = map.unproject([ceil(max.x), ceil(max.y)], zoom);
    const [w, s, e, n] = this.limit ?? [-180, -90, 180, 90];
    const box = [Math.max(w, west), Math.max(s, south), Math.min(e, east), Math.min(n, north)];
    if (box[0] >= box[2] || box[1] >= box[3]) return null;
    return box.map((degrees) => degrees.toFixed(5)).join(",");
  }
}
