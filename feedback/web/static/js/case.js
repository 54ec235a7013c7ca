// Comforts of a case's page; every form on it works without them.
import { filtered } from "./filtered.js";
import { words } from "./words.js";

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

for (const box of document.querySelectorAll("[data-filtered]")) filtered(box, box.dataset.filtered || words.filter);
