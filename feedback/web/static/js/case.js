// Comforts of a case's page; every form on it works without them.
import { fold, words } from "./words.js";

const answer = document.querySelector("[data-answer]");
if (answer) {
  const planned = answer.querySelector("[data-planned]");
  const show = () => { planned.hidden = answer.elements.outcome.value !== "planned"; };
  answer.addEventListener("change", show);
  show();
}

// A reason brings its text, as long as nobody has written one of their own.
const reject = document.querySelector("[data-reject]");
if (reject) {
  const { reason_code: reason, text } = reject.elements;
  let brought = Object.values(words.suggested).includes(text.value) ? text.value : "";
  reason.addEventListener("change", () => {
    if (text.value.trim() && text.value !== brought) return;
    text.value = brought = words.suggested[reason.value] || "";
  });
}

// A field above a long list of units keeps only those that match, accents or not.
for (const box of document.querySelectorAll("[data-filtered]")) {
  const list = box.querySelector("select");
  const all = [...list.options].slice(1);
  const search = Object.assign(document.createElement("input"), { type: "search", className: "input", placeholder: words.filter });
  search.setAttribute("aria-label", words.filter);
  list.before(search);
  search.addEventListener("input", () => {
    const wanted = fold(search.value).split(" ");
    const found = all.filter((option) => wanted.every((word) => fold(option.text).includes(word)));
    list.replaceChildren(list.options[0], ...found);
    if (search.value.trim()) list.value = found[0]?.value ?? "";
  });
  search.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
}
