// Wards in the browser: the name under a point, before anything is sent. The server decides again.

/** Read the wards: [{id, name, feature, polygons, box}]. */
export async function readAreas(url) {
  const answer = await fetch(url, { headers: { Accept: "application/geo+json, application/json" } });
  if (!answer.ok) throw new Error(`areas: ${answer.status}`);
  const { features } = await answer.json();
  return features.map((feature) => {
    const { type, coordinates } = feature.geometry;
    const polygons = type === "Polygon" ? [coordinates] : coordinates;
    const { id, name } = feature.properties;
    return { id, name, feature, polygons, box: boxOf(polygons) };
  });
}

/** The ward around a point, or undefined. */
export function areaAt(areas, longitude, latitude) {
  return areas.find(
    ({ box, polygons }) =>
      longitude >= box[0] && latitude >= box[1] && longitude <= box[2] && latitude <= box[3] &&
      polygons.some((rings) => within(rings, longitude, latitude)),
  );
}

function boxOf(polygons) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [outer] of polygons) {
    for (const [x, y] of outer) {
      box[0] = Math.min(box[0], x);
      box[1] = Math.min(box[1], y);
      box[2] = Math.max(box[2], x);
      box[3] = Math.max(box[3], y);
    }
  }
  return box;
}

// Even-odd rule over all rings, so a hole counts as outside.
function within(rings, x, y) {
  let inside = false;
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
      const [x1, y1] = ring[i];
      const [x2, y2] = ring[j];
      if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) inside = !inside;
    }
  }
  return inside;
}
