// What a step needs before the next one comes: the server's rules in the server's words (the template
// hands them over), so nobody is surprised after sending.
import { say, words } from "./words.js";

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]{2,}$/;

/** {field: sentence} of what is wrong in one step. */
export function problemsOf(form, step, uploads) {
  const rule = RULES[step];
  const codes = rule ? rule(form.elements, uploads) : {};
  return Object.fromEntries(Object.entries(codes).map(([field, code]) => [field, words.messages[code]]));
}

const RULES = {
  place(fields) {
    const given = fields.latitude.value || fields.area_id.value || fields.address_text.value.trim();
    return given ? {} : { place: "place_missing" };
  },

  what(fields, uploads) {
    const codes = {};
    const chosen = [...fields.category_id].some((radio) => radio.checked);
    if (!chosen) codes.category_id = "category_missing";
    const photos = uploads.photos.some((photo) => photo.state !== "refused");
    if (!photos && !fields.text.value.trim()) codes.text = "content_missing";
    return codes;
  },

  send(fields) {
    const codes = {};
    const email = fields.contact_email.value.trim();
    const phone = fields.contact_phone.value.replace(/\D/g, "");
    if (email && !EMAIL.test(email)) codes.contact_email = "email_invalid";
    if (fields.contact_phone.value.trim() && (phone.length < 9 || phone.length > 11)) codes.contact_phone = "phone_invalid";
    if ((email || phone) && !fields.consent.checked) codes.consent = "consent_missing";
    return codes;
  },
};

/** Summary with links, the same words at the fields, "Error:" in the title, focus on the summary. */
export function showErrors(form, problems) {
  const summary = form.querySelector("#error-summary");
  summary.querySelector("ul").replaceChildren(
    ...Object.entries(problems).map(([field, sentence]) => {
      mark(form, field, sentence);
      const link = Object.assign(document.createElement("a"), { href: `#${field}`, textContent: sentence });
      const row = document.createElement("li");
      row.append(link);
      return row;
    }),
  );
  summary.hidden = false;
  document.title = `${say("error_prefix")} ${plainTitle()}`;
  summary.focus();
  summary.scrollIntoView({ block: "start" });
}

/** One field was mended: its error goes, and the summary with the last one. */
export function forgive(form, field) {
  mark(form, field, "");
  form.querySelector(`#error-summary a[href="#${field}"]`)?.parentElement.remove();
  if (!form.querySelector("#error-summary li")) clearErrors(form);
}

export function clearErrors(form) {
  form.querySelector("#error-summary").hidden = true;
  for (const line of form.querySelectorAll(".error:not([hidden])")) mark(form, line.id.replace(/-error$/, ""), "");
  document.title = plainTitle();
}

function mark(form, field, sentence) {
  const line = form.querySelector(`#${field}-error`);
  const control = form.querySelector(`#${field}`);
  if (line) {
    line.hidden = !sentence;
    line.querySelector("span").textContent = sentence;
  }
  form.querySelector(`[data-field="${field}"]`)?.classList.toggle("bad", Boolean(sentence));
  if (!control?.matches("input, textarea, select")) return;
  control.toggleAttribute("aria-invalid", Boolean(sentence));
  if (sentence) control.setAttribute("aria-invalid", "true");
  const ids = new Set((control.getAttribute("aria-describedby") || "").split(" ").filter(Boolean));
  if (sentence) ids.add(`${field}-error`);
  else ids.delete(`${field}-error`);
  if (ids.size) control.setAttribute("aria-describedby", [...ids].join(" "));
  else control.removeAttribute("aria-describedby");
}

function plainTitle() {
  const prefix = say("error_prefix");
  return document.title.startsWith(prefix) ? document.title.slice(prefix.length).trim() : document.title;
}
