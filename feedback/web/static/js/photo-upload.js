// Photos go up while the person is still writing: shrunk first, one at a time, tried again when the
// network fails. The form then carries only their ids. What cannot be sent ahead stays in the plain
// file input, so the form itself still brings it.
import { dropPhoto, keepPhoto, readPhoto } from "./draft.js";
import { say } from "./words.js";

const LONGEST_SIDE = 1600;
const SMALL_ENOUGH = 700_000;
const LARGEST_FILE = 15 * 1024 * 1024;
const WAITS = [1, 2, 4, 8, 16];

/**
 * Take over the photo field `box`.
 * `csrf` is the form's token, `wantOriginal()` says whether the photo's own place is wanted (shrinking
 * would drop it), `changed(photos, answer)` is called after every change, `keep` keeps drafts of photos.
 */
export function photoUpload(box, { csrf, wantOriginal = () => false, changed = () => {}, keep = false }) {
  const limit = Number(box.dataset.limit);
  const plain = box.querySelector("#photos");
  const camera = box.querySelector("#photos-camera");
  const list = box.querySelector("[data-list]");
  const live = box.querySelector("[data-live]");
  const template = box.querySelector("[data-upload-template]");
  const photos = [];
  let chain = Promise.resolve();

  box.querySelector("[data-pick]").hidden = false;
  plain.hidden = camera.hidden = true;
  for (const label of box.querySelectorAll(".whole-only")) label.hidden = true;
  for (const button of box.querySelectorAll("[data-open]")) {
    button.addEventListener("click", () => document.getElementById(button.dataset.open).click());
  }
  for (const input of [plain, camera]) {
    input.addEventListener("change", () => {
      const files = [...input.files];
      carryFailed();
      add(files);
    });
  }
  for (const row of list.querySelectorAll("[data-kept]")) {
    const name = row.querySelector(".state").textContent.trim();
    const id = row.dataset.kept;
    row.remove();
    start({ key: newKey(), name, id, state: "sent" });
  }

  function add(files) {
    const room = limit - photos.length;
    if (files.length > room) live.textContent = say("too_many", { n: limit });
    for (const file of files.slice(0, Math.max(room, 0))) {
      start({ key: newKey(), name: file.name, file, state: "new" });
    }
  }

  function start(photo) {
    const row = template.content.firstElementChild.cloneNode(true);
    Object.assign(photo, {
      row,
      bar: row.querySelector("progress"),
      words: row.querySelector(".state span"),
      retry: row.querySelector("[data-retry]"),
    });
    photos.push(photo);
    list.append(row);
    row.querySelector("[data-remove]").addEventListener("click", () => remove(photo));
    photo.retry.addEventListener("click", () => enqueue(photo));
    number();
    if (photo.id) finish(photo, photo.id);
    else enqueue(photo);
    changed(photos);
    return photo;
  }

  function enqueue(photo) {
    photo.retry.hidden = true;
    mark(photo, "waiting", say("waiting"));
    carryFailed();
    chain = chain.then(() => photos.includes(photo) && send(photo));
  }

  async function send(photo) {
    if (photo.file.size > LARGEST_FILE && wantOriginal()) return refuse(photo, say("file_too_large"));
    mark(photo, "waiting", say("shrinking"));
    await prepare(photo);
    if (photo.blob.size > LARGEST_FILE) return refuse(photo, say("file_too_large"));
    if (keep) await keepPhoto(photo.key, photo.file);
    for (let attempt = 0; photos.includes(photo); attempt += 1) {
      const answer = await post(photo);
      if (!photos.includes(photo)) return;
      if (answer.status === 201) return finish(photo, answer.body.id, answer.body);
      // The server looked at the photo and said no: sending the same bytes again cannot help.
      if ([413, 415, 422].includes(answer.status)) return refuse(photo, answer.body.detail);
      // A session that ended does not mend by waiting; the form, sent later, may still bring the photo.
      if ([400, 403].includes(answer.status) || attempt === WAITS.length) return fail(photo);
      mark(photo, "waiting", say("waiting"));
      await pause(WAITS[attempt]);
    }
  }

  async function prepare(photo) {
    const { bitmap, canvas } = await draw(photo.file);
    photo.blob = photo.file;
    if (!bitmap) return;
    thumbnail(photo, canvas);
    const small = photo.file.size < SMALL_ENOUGH && photo.file.type === "image/jpeg";
    if (wantOriginal() || (small && Math.max(bitmap.width, bitmap.height) <= LONGEST_SIDE)) return;
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.85));
    if (blob && blob.size < photo.file.size) photo.blob = blob;
  }

  function post(photo) {
    return new Promise((resolve) => {
      const body = new FormData();
      body.append("purpose", box.dataset.purpose);
      photo.askedForPlace = wantOriginal();
      if (photo.askedForPlace) body.append("use_photo_place", "1");
      body.append("photo", photo.blob, photo.name || "photo.jpg");
      const request = new XMLHttpRequest();
      photo.request = request;
      request.open("POST", box.dataset.url);
      request.setRequestHeader("X-CSRFToken", csrf);
      request.setRequestHeader("Accept", "application/json");
      request.responseType = "json";
      request.timeout = 120_000;
      request.upload.onprogress = (event) => {
        const percent = Math.round((100 * event.loaded) / (event.total || 1));
        photo.bar.value = percent;
        mark(photo, "sending", say("uploading", { share: `${percent}\u00a0%` }));
      };
      request.onloadend = () => resolve({ status: request.status, body: request.response || {} });
      request.send(body);
    });
  }

  function finish(photo, id, answer) {
    photo.id = id;
    photo.bar.hidden = true;
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: "photo_ids", value: id });
    photo.row.querySelector('[name="photo_ids"]')?.remove();
    photo.row.append(field);
    mark(photo, "sent", answer || !photo.name ? say("uploaded") : photo.name);
    if (answer) live.textContent = `${photo.label}: ${say("uploaded")}`;
    carryFailed();
    changed(photos, answer);
  }

  // Sent with the form instead: the plain input carries it.
  function fail(photo) {
    photo.retry.hidden = false;
    photo.bar.hidden = true;
    mark(photo, "failed", say("upload_failed"));
    live.textContent = `${photo.label}: ${say("upload_failed")}`;
    carryFailed();
    changed(photos);
  }

  function refuse(photo, sentence) {
    photo.bar.hidden = true;
    mark(photo, "refused", sentence || say("upload_failed"));
    live.textContent = `${photo.label}: ${photo.words.textContent}`;
    changed(photos);
  }

  function remove(photo) {
    photos.splice(photos.indexOf(photo), 1);
    photo.request?.abort();
    photo.row.remove();
    dropPhoto(photo.key);
    live.textContent = say("removed", { n: photo.number });
    number();
    carryFailed();
    changed(photos);
    box.querySelector("[data-open]").focus();
  }

  function carryFailed() {
    const carried = new DataTransfer();
    for (const photo of photos) if (photo.state === "failed") carried.items.add(photo.file);
    plain.files = carried.files;
    camera.value = "";
  }

  function mark(photo, state, sentence) {
    photo.state = state;
    photo.row.className = `upload ${{ sent: "sent", failed: "failed", refused: "failed" }[state] || ""}`;
    photo.words.textContent = sentence;
  }

  function number() {
    photos.forEach((photo, index) => {
      photo.number = index + 1;
      photo.label = say("photo", { n: index + 1 });
      photo.row.querySelector("[data-remove] span").textContent = say("remove", { n: index + 1 });
      photo.row.querySelector("canvas")?.setAttribute("aria-label", photo.label);
    });
    for (const button of box.querySelectorAll("[data-open]")) button.disabled = photos.length >= limit;
  }

  function thumbnail(photo, source) {
    const canvas = document.createElement("canvas");
    const scale = Math.min(1, 360 / Math.max(source.width, source.height));
    canvas.width = Math.max(1, source.width * scale);
    canvas.height = Math.max(1, source.height * scale);
    canvas.getContext("2d").drawImage(source, 0, 0, canvas.width, canvas.height);
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", photo.label);
    const frame = photo.row.querySelector(".photo");
    frame.querySelector(":is(svg.icon, canvas)").replaceWith(canvas);
  }

  return {
    photos,
    /** Resolves once nothing is on its way any more. */
    settled: () => chain,
    busy: () => photos.some((photo) => ["new", "waiting", "sending"].includes(photo.state)),
    /** Photos of a draft: known ids are kept, others go up again from what this phone holds. */
    async restore(kept, { again = false } = {}) {
      for (const { key, id, name } of kept.slice(0, limit - photos.length)) {
        const file = await readPhoto(key);
        const known = id && !again;
        if (!file && !known) continue;
        const photo = start({ key, name, file, id: known ? id : null, state: "new" });
        if (known && file) draw(file).then(({ canvas }) => canvas && thumbnail(photo, canvas));
      }
    },
    /** The wish for the photo's own place came later: send the untouched files now. */
    sendOriginals() {
      for (const photo of photos) {
        if (!photo.file || photo.askedForPlace || !photo.id) continue;
        photo.row.querySelector('[name="photo_ids"]')?.remove();
        photo.id = null;
        photo.bar.hidden = false;
        enqueue(photo);
      }
    },
  };
}

// Decoded with its orientation, drawn no larger than needed. HEIC and broken files give nothing: they
// are sent as they are and the server looks at them.
async function draw(file) {
  try {
    const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(bitmap.width * scale);
    canvas.height = Math.round(bitmap.height * scale);
    canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    return { bitmap, canvas };
  } catch {
    return {};
  }
}

function newKey() {
  return `${Date.now()}-${Math.random().toString(36).slice(2)}`;
}

// Waits, but not past the moment the network comes back.
function pause(seconds) {
  return new Promise((resolve) => {
    const timer = setTimeout(done, seconds * 1000);
    addEventListener("online", done, { once: true });
    function done() {
      clearTimeout(timer);
      removeEventListener("online", done);
      resolve();
    }
  });
}
