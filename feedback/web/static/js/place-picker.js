// Where it happened: the phone's location, a tap or keys on a map of wards, or ward and street. None
// of them is needed by another; a refused permission or a map that does not load blocks nothing.
import { areaAt, readAreas } from "./areas.js";
import { bringLeaflet, closeZoom, markArea, pinIcon, wardMap } from "./ward-map.js";
import { say } from "./words.js";

export function placePicker(box, form, { changed }) {
  const data = box.dataset;
  const fields = form.elements;
  const status = box.querySelector("[data-place-status]");
  const areaName = box.querySelector("[data-area-name]");
  const byWard = box.querySelector("[data-by-ward]");
  let L = null;
  let areas = [];
  let map = null;

  box.querySelector("[data-place-tools]").hidden = false;
  box.querySelector("[data-place-tools]").className = "stack";
  byWard.querySelector("summary span").textContent = say("no_map");
  byWard.open = Boolean(!fields.latitude.value && (fields.area_id.value || fields.address_text.value));
  box.querySelector("[data-locate]").addEventListener("click", locate);
  fields.area_id.addEventListener("change", chooseWard);
  load();
  // Who allowed it before need not tap again.
  navigator.permissions?.query({ name: "geolocation" }).then(
    (permission) => permission.state === "granted" && !fields.place_source.value && locate(),
    () => null,
  );

  async function load() {
    const [wards, library] = await Promise.allSettled([readAreas(data.areasUrl), bringLeaflet(data)]);
    areas = wards.value ?? [];
    L = library.value;
    if (L) draw();
    else mapFailed();
    if (fields.latitude.value) show(point(), false);
  }

  function draw() {
    const start = fields.latitude.value ? point() : { lat: Number(data.latitude), lng: Number(data.longitude) };
    const element = box.querySelector("[data-map]");
    map = wardMap(L, element, data, areas);
    map.setView(start, fields.latitude.value ? closeZoom(data) : 13);
    L.control.zoom({ zoomInTitle: say("zoom_in"), zoomOutTitle: say("zoom_out") }).addTo(map);
    map.on("click", (event) => choose(event.latlng, "map"));
    element.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.target !== element) return;
      event.preventDefault();
      choose(map.getCenter(), "map");
    });
  }

  function mapFailed() {
    box.querySelector(".map-frame").hidden = true;
    status.textContent = say("map_failed");
    byWard.open = true;
  }

  function locate() {
    if (!navigator.geolocation) return notLocated("not_located");
    status.textContent = say("locating");
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => choose({ lat: coords.latitude, lng: coords.longitude }, "gps", Math.round(coords.accuracy)),
      (error) => notLocated(error.code === error.PERMISSION_DENIED ? "denied" : "not_located"),
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 30_000 },
    );
  }

  function notLocated(key) {
    status.textContent = say(map ? key : "map_failed");
    if (!map) byWard.open = true;
  }

  function point() {
    return { lat: Number(fields.latitude.value), lng: Number(fields.longitude.value) };
  }

  /** Set the point: writes the fields, the ward and the map. */
  function choose(at, source, accuracy = "") {
    fields.latitude.value = at.lat.toFixed(6);
    fields.longitude.value = at.lng.toFixed(6);
    fields.accuracy_m.value = accuracy;
    fields.place_source.value = source;
    show(at, true);
    changed();
  }

  function show(at, speak) {
    const area = areaAt(areas, at.lng, at.lat);
    areaName.hidden = !area;
    areaName.textContent = area?.name || "";
    if (area) fields.area_id.value = area.id;
    else if (areas.length) fields.area_id.value = "";
    if (speak) status.textContent = sentence(area);
    markArea(areas, area);
    if (map) drawPoint(at);
  }

  function sentence(area) {
    const metres = fields.accuracy_m.value;
    if (!area && areas.length) return say("point_outside");
    if (metres) return say("located", { metres });
    return area ? say("point_set", { area: area.name }) : say("point_plain");
  }

  function drawPoint(at) {
    map.pin?.remove();
    map.circle?.remove();
    const accuracy = Number(fields.accuracy_m.value);
    if (accuracy) map.circle = L.circle(at, { radius: accuracy, interactive: false, className: "accuracy" }).addTo(map);
    map.pin = L.marker(at, { draggable: true, icon: pinIcon(L, box) }).addTo(map);
    map.pin.on("dragend", () => choose(map.pin.getLatLng(), "map"));
    const element = map.pin.getElement();
    element.setAttribute("aria-label", say("point_name"));
    element.addEventListener("keydown", nudge);
    if (fields.place_source.value === "map") map.panInside(at, { padding: [60, 60] });
    else map.setView(at, Math.max(map.getZoom(), closeZoom(data)));
  }

  // Arrow keys move the focused pin by a few pixels; the map itself stays.
  function nudge(event) {
    const by = { ArrowLeft: [-8, 0], ArrowRight: [8, 0], ArrowUp: [0, -8], ArrowDown: [0, 8] }[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    const at = map.latLngToContainerPoint(map.pin.getLatLng()).add(by);
    choose(map.containerPointToLatLng(at), "map");
    map.pin.getElement().focus();
  }

  // A ward chosen by hand outweighs a point that lies elsewhere.
  function chooseWard() {
    const area = areas.find((one) => String(one.id) === fields.area_id.value);
    if (fields.latitude.value && area === areaAt(areas, point().lng, point().lat)) return;
    for (const name of ["latitude", "longitude", "accuracy_m"]) fields[name].value = "";
    fields.place_source.value = area ? "ward" : "";
    areaName.hidden = !area;
    areaName.textContent = area?.name || "";
    status.textContent = "";
    map?.pin?.remove();
    map?.circle?.remove();
    markArea(areas, area);
    if (map && area?.layer) map.fitBounds(area.layer.getBounds(), { maxZoom: 15 });
    changed();
  }

  return {
    /** A photo brought its own place (asked for by the reporter): offer it, never take it unasked. */
    offerPhotoPlace(at) {
      const button = box.querySelector("[data-photo-place]");
      button.hidden = !at;
      button.onclick = () => choose(at, "photo");
    },
    refresh: () => map?.invalidateSize(),
  };
}
