/* Loads Leaflet and its styles, once and only when a map shows. */
const loaded = new Map();

function load(tag, attributes) {
  const address = attributes.src ?? attributes.href;
  if (!loaded.has(address)) {
    loaded.set(
      address,
      new Promise((resolve, reject) => {
        const element = Object.assign(document.createElement(tag), attributes);
        element.addEventListener("load", resolve);
        element.addEventListener("error", () => {
          loaded.delete(address);
          element.remove();
          reject(new Error(address));
        });
        // Before our own styles, which mend them.
        document.head.prepend(element);
      }),
    );
  }
  return loaded.get(address);
}

export async function loadLeaflet({ leaflet, leafletCss }) {
  await Promise.all([
    load("script", { src: leaflet }),
    load("link", { rel: "stylesheet", href: leafletCss }),
  ]);
  return window.L;
}
