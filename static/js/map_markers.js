/* Markers and clusters: real buttons with a name, in the order in which one reads. */
const numbers = new Intl.NumberFormat("fr-FR");
const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => values[name]);

const distance = (km) => (km < 0.995 ? `${Math.round(km * 100) * 10} m` : `${numbers.format(km < 9.95 ? km.toFixed(1) : Math.round(km))} km`);

export class Markers {
  constructor(L, map, sprite, words) {
    Object.assign(this, { L, map, sprite, words });
    this.shown = new Map();
    this.isPressed = true;
    this.onPlace = this.onCluster = this.onLight = () => {};
  }

  /* Keep the markers that stay: one that has the focus must not lose it. */
  show(features) {
    const wanted = new Map(features.map((feature) => [this.key(feature), feature]));
    for (const [key, marker] of this.shown) {
      if (!wanted.has(key)) {
        marker.remove();
        this.shown.delete(key);
      }
    }
    let after = null;
    for (const [key, feature] of [...wanted].reverse()) {
      const marker = this.shown.get(key) ?? this.add(key, feature);
      const button = marker.getElement();
      if (button !== document.activeElement && button.nextSibling !== after) button.parentNode.insertBefore(button, after);
      after = button;
    }
    this.focusFirst();
  }

  key({ id, geometry, properties }) {
    return id ? `${id}:${properties.state}` : `${geometry.coordinates}:${properties.count}:${properties.silent}`;
  }

  add(key, feature) {
    const { L } = this;
    const [longitude, latitude] = feature.geometry.coordinates;
    const button = feature.id ? this.place(feature) : this.cluster(feature);
    const Icon = L.Icon.extend({ createIcon: () => button, createShadow: () => null });
    const marker = L.marker([latitude, longitude], { icon: new Icon(), keyboard: false, autoPanOnFocus: true, riseOnHover: true });
    marker.feature = feature;
    if (this.isPressed) marker.on("click", (event) => this.press(marker, event.originalEvent));
    for (const [event, isLit] of [["mouseenter", true], ["mouseleave", false], ["focus", true], ["blur", false]]) {
      button.addEventListener(event, () => this.onLight(feature.id, isLit));
    }
    this.shown.set(key, marker);
    return marker.addTo(this.map);
  }

  press(marker, event) {
    const { id, properties } = marker.feature;
    if (id) return this.onPlace(marker, [id]);
    if (properties.ids) return this.onPlace(marker, properties.ids);
    const [west, south, east, north] = properties.bounds;
    // A press of a key has no clicks (UI Events, detail).
    return this.onCluster([[south, west], [north, east]], event.detail === 0);
  }

  button(name, className) {
    const button = document.createElement(this.isPressed ? "button" : "span");
    if (this.isPressed) button.type = "button";
    else button.setAttribute("role", "img");
    button.className = className;
    button.setAttribute("aria-label", name);
    return button;
  }

  place({ properties }) {
    const { name, state, moves, health, silent, km } = properties;
    const { words } = this;
    const told = [name, words[state], moves && words.moves, health && words.health, silent && words.silent];
    if (km !== undefined) told.push(filled(words.far, { distance: distance(km) }));
    const button = this.button(told.filter(Boolean).join(", "), "map-pin");
    const look = silent ? "silent" : state;
    const glyphs = { open: "check", closed: "bar", unknown: "ask" };
    const glyph = (silent && "phone") || (health && "heart") || (moves && "bus") || glyphs[state];
    button.append(this.drawing(look, moves ? "van" : "pin", glyph));
    return button;
  }

  drawing(look, ...parts) {
    const namespace = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(namespace, "svg");
    svg.setAttribute("class", `marker marker-${look}`);
    svg.setAttribute("viewBox", "0 0 36 46");
    svg.setAttribute("aria-hidden", "true");
    parts.forEach((part, rank) => {
      const use = document.createElementNS(namespace, "use");
      use.setAttribute("href", `${this.sprite}#${part}`);
      if (rank) use.setAttribute("class", "glyph");
      svg.append(use);
    });
    return svg;
  }

  cluster({ properties: { count, silent = 0, ids } }) {
    const sure = count - silent;
    const mixed = sure === 1 ? "mixedOne" : "mixed";
    const text = (ids && "together") || (!silent && "cluster") || (sure ? mixed : "silentCluster");
    const [all, some, rest] = [count, sure, silent].map((number) => numbers.format(number));
    const name = filled(this.words[text], { count: all, sure: some, silent: rest });
    const button = this.button(name, sure ? "cluster" : "cluster cluster-silent");
    // What is seen is in what is heard.
    button.textContent = ids || !sure ? all : some;
    return button;
  }

  /* After a cluster is opened with the keyboard, go on from what it held. */
  focusFirst() {
    if (!this.focusWithin) return;
    const inside = [...this.shown.values()].filter((marker) => this.focusWithin.contains(marker.getLatLng()));
    this.focusWithin = null;
    (inside.find((marker) => marker.getElement().nextSibling) ?? inside[0])?.getElement().focus({ preventScroll: true });
  }

  focus(key) {
    const marker = this.of(key);
    marker?.getElement().focus({ preventScroll: true });
    return Boolean(marker);
  }

  /* The cluster that holds a point: the nearest of those whose box does. */
  holding([latitude, longitude]) {
    const point = this.L.latLng(latitude, longitude);
    const near = [...this.shown.values()].filter(({ feature }) => {
      const [west, south, east, north] = feature.properties.bounds ?? [];
      return west <= longitude && longitude <= east && south <= latitude && latitude <= north;
    });
    const far = (marker) => this.map.distance(marker.getLatLng(), point);
    return near.sort((one, other) => far(one) - far(other))[0];
  }

  /* The marker of a place, or of all those of its address. */
  of(id) {
    return [...this.shown.values()].find(({ feature }) => feature.id === id || feature.properties.ids?.includes(id));
  }
}
