// The last look before sending: what will go, each line with a way back to its step.
import { say } from "./words.js";

export function fillChecklist(form, photos, goTo) {
  const fields = form.elements;
  const list = form.querySelector("[data-checklist]");
  const count = photos.filter((photo) => photo.state !== "refused").length;
  const category = [...fields.category_id].find((radio) => radio.checked);
  const ward = fields.area_id.selectedOptions[0];
  const place = [fields.address_text.value.trim(), ward?.value && ward.textContent.trim()].filter(Boolean).join(", ");
  const rows = [
    ["photos", say("photos_word"), count ? say("check_photos", { n: count }) : say("check_no_photos")],
    ["place", say("place_word"), place || (fields.latitude.value ? say("check_point") : "—")],
    ["what", say("category_word"), category?.parentElement.querySelector("span").firstChild.textContent.trim() || "—"],
    ["what", say("text_word"), fields.text.value.trim() || say("check_no_text")],
  ];
  list.replaceChildren(...rows.map((row) => line(row, goTo)));
  list.hidden = false;
}

function line([step, name, value], goTo) {
  const row = document.createElement("li");
  const words = document.createElement("div");
  const label = Object.assign(document.createElement("span"), { className: "soft", textContent: name });
  const content = Object.assign(document.createElement("span"), { textContent: value });
  words.className = "grow";
  words.append(label, content);
  const change = Object.assign(document.createElement("button"), { type: "button", className: "plain", textContent: say("change") });
  change.setAttribute("aria-label", `${say("change")}: ${name}`);
  change.addEventListener("click", () => goTo(step));
  row.append(words, change);
  return row;
}
