// Turns the one plain report form into steps, one question at a time. The form stays what it is: the
// same fields, the same names, the same POST; without this script it is simply one page.
import { categorySearch } from "./category-search.js";
import { forgetDraft, keepDraft, readDraft } from "./draft.js";
import { photoUpload } from "./photo-upload.js";
import { clearErrors, forgive, problemsOf, showErrors } from "./report-checks.js";
import { fillChecklist } from "./report-checklist.js";
import { say } from "./words.js";

const form = document.querySelector("[data-report-form]");
const steps = [...form.querySelectorAll("[data-step]")];
const names = steps.map((step) => step.dataset.step);
const [next, back, send] = ["next", "back", "send"].map((name) => form.querySelector(`[data-${name}]`));
const draftLine = form.querySelector("[data-draft]");
const serverFoundErrors = form.dataset.hasErrors === "yes";
const NOT_IN_DRAFT = new Set(["csrf_token", "submission_id", "photo_ids", "photos", "photos-camera"]);

let current = 0;
let photoPlace = null;
let picker = null;
let saving = 0;
let restoring = false;
let sent = false;

const uploads = photoUpload(form.querySelector("[data-uploads]"), {
  csrf: form.elements.csrf_token.value,
  keep: true,
  wantOriginal: () => form.elements.use_photo_place.checked,
  changed(photos, answer) {
    if (answer?.latitude != null && form.elements.use_photo_place.checked) {
      photoPlace = { lat: answer.latitude, lng: answer.longitude };
      picker?.offerPhotoPlace(photoPlace);
    }
    mended(photos.length ? "text" : "");
  },
});
const categories = categorySearch(form.querySelector("[data-categories]"));

begin();

function begin() {
  const draft = readDraft();
  if (draft) bringBack(draft);
  if (!form.elements.submission_id.value) form.elements.submission_id.value = newId();
  categories.foldToChosen();
  buildProgress();
  form.querySelector("[data-contact]").addEventListener("toggle", saveSoon);
  form.addEventListener("input", saveSoon);
  form.addEventListener("change", saveSoon);
  // While typing, not on leaving the field: the page must not move under a finger that taps "continue".
  form.addEventListener("input", (event) => mended(event.target.name));
  form.addEventListener("submit", submit);
  form.elements.use_photo_place.addEventListener("change", wishPhotoPlace);
  next.addEventListener("click", goOn);
  back.addEventListener("click", () => history.back());
  form.querySelector("[data-forget]").addEventListener("click", forget);
  form.addEventListener("click", follow);
  addEventListener("popstate", (event) => show(event.state?.step ?? stepOfHash(), true));
  addEventListener("pagehide", save);
  // Back from the receipt to a page the browser kept: what stands in it has been sent. A fresh load
  // shows an empty form, or the draft where the sending failed.
  addEventListener("pageshow", (event) => event.persisted && sent && location.reload());
  // A reloaded page still has its history; else the steps before the first shown one are laid down, so
  // that Back leads through them.
  const before = serverFoundErrors ? undefined : history.state?.step;
  const first = before ?? (serverFoundErrors ? firstWithError() : draft ? stepOfHash() : 0);
  if (before === undefined) {
    history.replaceState({ step: 0 }, "", hashOf(0));
    for (let step = 1; step <= first; step += 1) history.pushState({ step }, "", hashOf(step));
  }
  document.documentElement.classList.add("steps-coming", "in-steps");
  show(first, serverFoundErrors);
  if (serverFoundErrors) document.getElementById("error-summary").focus();
}

// The wish may come after the photo, and be taken back.
function wishPhotoPlace(event) {
  if (event.target.checked) return uploads.sendOriginals();
  photoPlace = null;
  picker?.offerPhotoPlace(null);
}

function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  // Plain http on a local network has no randomUUID; the same bits by hand (RFC 9562, version 4).
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

// What the server sent back after an error is newer than the draft; the photos' pictures are not.
function bringBack(draft) {
  const fresh = new URLSearchParams(location.search).has("fresh");
  if (!serverFoundErrors) {
    if (!fresh) form.elements.submission_id.value = draft.submissionId;
    for (const [name, value] of Object.entries(draft.fields)) fill(name, value);
    draftLine.textContent = say("draft_back", { time: clock(draft.savedAt) });
  }
  const known = new Set(uploads.photos.map((photo) => photo.id));
  restoring = true;
  uploads
    .restore(draft.photos.filter((photo) => !known.has(photo.id)), { again: fresh })
    .finally(() => (restoring = false));
  form.querySelector("[data-forget]").hidden = false;
}

function fill(name, value) {
  const field = form.elements[name];
  if (!field) return;
  if (field.type === "checkbox") field.checked = field.value === value;
  else field.value = value;
  if (value && name.startsWith("contact_")) form.querySelector("[data-contact]").open = true;
}

// Not the name of any element: the browser would move the focus to an element of that name.
function hashOf(step) {
  return `#at-${names[step]}`;
}

function stepOfHash() {
  return Math.max(0, names.indexOf(location.hash.slice(4)));
}

function buildProgress() {
  const bar = form.querySelector("[data-progress]");
  bar.replaceChildren(...steps.map(() => document.createElement("li")));
  bar.setAttribute("aria-hidden", "true");
  bar.hidden = false;
}

function show(index, focus) {
  current = Math.min(Math.max(index, 0), steps.length - 1);
  steps.forEach((step, at) => step.classList.toggle("current", at === current));
  form.querySelectorAll("[data-progress] li").forEach((mark, at) => mark.classList.toggle("done", at <= current));
  const count = say("step", { n: current + 1, all: steps.length });
  document.querySelector("[data-step-count]").textContent = count;
  const last = current === steps.length - 1;
  next.hidden = last;
  send.hidden = !last;
  back.hidden = current === 0;
  if (names[current] === "place") openPlace();
  if (last) fillChecklist(form, uploads.photos, (name) => goTo(names.indexOf(name)));
  if (!focus) return;
  scrollTo(0, 0);
  steps[current].querySelector("legend").focus({ preventScroll: true });
}

function goTo(index) {
  history.pushState({ step: index }, "", hashOf(index));
  show(index, true);
}

function goOn() {
  if (complain(problemsOf(form, names[current], uploads))) return;
  save();
  goTo(current + 1);
}

function complain(problems) {
  clearErrors(form);
  if (!Object.keys(problems).length) return false;
  showErrors(form, problems);
  return true;
}

// The map costs 42 kB: it comes only to those who reach its step.
async function openPlace() {
  if (picker) return picker.refresh();
  try {
    const { placePicker } = await import("./place-picker.js");
    picker ??= placePicker(form.querySelector("[data-place]"), form, { changed: () => mended("place") });
    picker.offerPhotoPlace(photoPlace);
  } catch {
    // Ward and street stand in the plain form below; nothing else is needed.
    form.querySelector("[data-by-ward]").open = true;
  }
}

function firstWithError() {
  const bad = form.querySelector(".step .field.bad, .step .error:not([hidden])");
  return bad ? steps.indexOf(bad.closest("[data-step]")) : 0;
}

// Links of the error summary: the field may stand in another step, or behind a script's own button.
function follow(event) {
  const link = event.target.closest("#error-summary a");
  if (!link) return;
  event.preventDefault();
  const target = document.getElementById(link.hash.slice(1));
  const step = steps.indexOf(target?.closest("[data-step]"));
  if (step >= 0 && step !== current) goTo(step);
  const closed = target?.closest("details:not([open])");
  if (closed) closed.open = true;
  (target?.hidden ? form.querySelector("[data-open]") : target)?.focus();
}

async function submit(event) {
  event.preventDefault();
  // Enter in a field of an earlier step means "continue".
  if (current < steps.length - 1) return goOn();
  if (send.getAttribute("aria-disabled") === "true") return;
  for (const [index, name] of names.entries()) {
    const problems = problemsOf(form, name, uploads);
    if (!Object.keys(problems).length) continue;
    if (index !== current) goTo(index);
    return complain(problems);
  }
  clearErrors(form);
  save();
  sendable(false);
  if (uploads.busy()) {
    draftLine.textContent = say("photos_first");
    await uploads.settled();
  }
  if (!navigator.onLine) {
    sendable(true);
    draftLine.textContent = say("offline");
    return;
  }
  save();
  sent = true;
  form.submit();
  // Stop, or a network that gave up, leaves this page standing: another try carries the same id.
  setTimeout(() => {
    sent = false;
    sendable(true);
  }, 30_000);
}

function sendable(yes) {
  send.setAttribute("aria-disabled", String(!yes));
  send.dataset.words ??= send.querySelector("span").textContent;
  send.querySelector("span").textContent = yes ? send.dataset.words : say("sending");
}

// Ward and street mend the place as much as a point does; a photo mends a missing text.
function mended(name) {
  if (name) forgive(form, ["area_id", "address_text"].includes(name) ? "place" : name);
  saveSoon();
}

function saveSoon() {
  if (restoring) return;
  clearTimeout(saving);
  saving = setTimeout(save, 500);
}

function save() {
  clearTimeout(saving);
  if (sent) return;
  const fields = {};
  for (const [name, value] of new FormData(form)) if (!NOT_IN_DRAFT.has(name)) fields[name] = value;
  const photos = uploads.photos
    .filter((photo) => photo.state !== "refused")
    .map(({ key, id, name }) => ({ key, id, name }));
  const untouched = !photos.length && !Object.values(fields).some(Boolean);
  if (untouched) return;
  const savedAt = keepDraft({ submissionId: form.elements.submission_id.value, fields, photos });
  if (!savedAt) return;
  draftLine.textContent = say("draft_saved", { time: clock(savedAt) });
  form.querySelector("[data-forget]").hidden = false;
}

async function forget() {
  if (!confirm(say("forget"))) return;
  removeEventListener("pagehide", save);
  clearTimeout(saving);
  await forgetDraft();
  location.assign(location.pathname);
}

function clock(moment) {
  return new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" }).format(moment);
}
