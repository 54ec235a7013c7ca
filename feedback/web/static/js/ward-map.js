// The map every page shares: Leaflet brought in only when a map is really shown, wards always drawn,
// tiles only where the city configured some.
const NAMES_FROM_ZOOM = 13;

/** Load Leaflet and its sheets, named by `data` (the dataset of the map's box). */
export async function bringLeaflet(data) {
  // The nonce of the page's own scripts also covers what they bring in.
  const nonce = document.querySelector("script[nonce]")?.nonce;
  const bring = (tag, attributes) =>
    new Promise((resolve, reject) => {
      const element = Object.assign(document.createElement(tag), attributes, { onload: resolve, onerror: reject });
      if (nonce) element.nonce = nonce;
      document.head.append(element);
    });
  await Promise.all([
    bring("link", { rel: "stylesheet", href: data.leafletCss }),
    bring("link", { rel: "stylesheet", href: data.mapCss }),
    window.L || bring("script", { src: data.leafletJs }),
  ]);
  return window.L;
}

/** Draw the wards into `element`; each area gets its `layer`. */
export function wardMap(L, element, data, areas, options = {}) {
  const map = L.map(element, { zoomControl: false, attributionControl: Boolean(data.tilesUrl), ...options });
  map.attributionControl?.setPrefix(false);
  const farOrNear = () => element.classList.toggle("far", map.getZoom() < NAMES_FROM_ZOOM);
  map.on("zoomend", farOrNear);
  map.whenReady(farOrNear);
  if (data.tilesUrl) L.tileLayer(data.tilesUrl, { attribution: data.tilesAttribution, maxZoom: 19 }).addTo(map);
  for (const area of areas) {
    area.layer = L.geoJSON(area.feature, { interactive: false, style: { className: "ward" } }).addTo(map);
    // An element, not a string: Leaflet takes strings as HTML.
    const name = Object.assign(document.createElement("span"), { textContent: area.name });
    area.layer.bindTooltip(name, { permanent: true, direction: "center", className: "ward-name" });
  }
  new ResizeObserver(() => map.invalidateSize()).observe(element);
  return map;
}

/** Without streets under it, a close look shows an empty sheet: stay where borders are in sight. */
export function closeZoom(data) {
  return data.tilesUrl ? 16 : 14;
}

/** The pin, cloned from the template `[data-pin]` in `box`. */
export function pinIcon(L, box) {
  const html = box.querySelector("[data-pin]").content.firstElementChild.cloneNode(true);
  return L.divIcon({ className: "pin", html, iconSize: [36, 44], iconAnchor: [18, 43] });
}

/** Colour one ward. */
export function markArea(areas, chosen) {
  for (const area of areas) {
    area.layer?.eachLayer((path) => path.getElement()?.classList.toggle("on", area === chosen));
  }
}
