// A point to look at, not to change: loads when it comes into sight, so a page is quick without it.
import { areaAt, readAreas } from "./areas.js";
import { bringLeaflet, closeZoom, markArea, pinIcon, wardMap } from "./ward-map.js";

const seen = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    seen.unobserve(target);
    // The place stands in words beside the map: without the map nothing is missing but the picture.
    show(target).catch(() => target.remove());
  }
});
for (const box of document.querySelectorAll("[data-place-view]")) seen.observe(box);

async function show(box) {
  const data = box.dataset;
  const [areas, L] = await Promise.all([readAreas(data.areasUrl), bringLeaflet(data)]);
  const at = { lat: Number(data.latitude), lng: Number(data.longitude) };
  const map = wardMap(L, box.querySelector("[data-map]"), data, areas, { scrollWheelZoom: false });
  map.setView(at, closeZoom(data));
  L.control.zoom({ zoomInTitle: data.zoomIn, zoomOutTitle: data.zoomOut }).addTo(map);
  L.marker(at, { icon: pinIcon(L, box), interactive: false, keyboard: false }).addTo(map);
  markArea(areas, areaAt(areas, at.lng, at.lat));
}
