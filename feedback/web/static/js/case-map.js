// The place of one report over the ward borders, loaded when it comes into view. The coordinates
// stand in words beside it, so nothing is lost where no map can be drawn.
import { readAreas } from "./areas.js";

export function drawCaseMap(box) {
  box.hidden = false;
  const seen = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    seen.disconnect();
    load(box).catch(() => { box.hidden = true; });
  });
  seen.observe(box);
}

async function load(box) {
  const bring = (tag, attributes) =>
    new Promise((resolve, reject) => {
      document.head.append(Object.assign(document.createElement(tag), attributes, { onload: resolve, onerror: reject }));
    });
  const [areas] = await Promise.all([
    readAreas(box.dataset.areasUrl),
    bring("link", { rel: "stylesheet", href: box.dataset.leafletCss }),
    bring("script", { src: box.dataset.leafletJs }),
  ]);
  draw(box, areas, window.L);
}

function draw(box, areas, L) {
  const { latitude, longitude, accuracy, tilesUrl, tilesAttribution } = box.dataset;
  const at = L.latLng(Number(latitude), Number(longitude));
  const map = L.map(box, { scrollWheelZoom: false, attributionControl: Boolean(tilesUrl) }).setView(at, 15);
  if (tilesUrl) L.tileLayer(tilesUrl, { attribution: tilesAttribution, maxZoom: 19 }).addTo(map);
  for (const { feature } of areas) {
    L.geoJSON(feature, { interactive: false, style: { className: "ward" } }).addTo(map);
  }
  if (accuracy) L.circle(at, { radius: Number(accuracy), interactive: false, className: "accuracy" }).addTo(map);
  L.circleMarker(at, { radius: 9, interactive: false, className: "dot" }).addTo(map);
}
