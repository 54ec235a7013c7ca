// Comforts of a case's page; every form on it works without them.
import { filtered } from "./filtered.js";
import { listen } from "./keys.js";
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

// A text to reply with is put in at once, where a plain form has the page come back with it.
for (const box of document.querySelectorAll("[data-texts]")) {
  const area = document.getElementById(box.dataset.texts);
  const choice = box.querySelector("select");
  box.querySelector("button").addEventListener("click", (event) => {
    event.preventDefault();
    const text = choice.selectedOptions[0].dataset.text;
    if (!text) return;
    area.value = [area.value.trimEnd(), text].filter(Boolean).join("\n\n");
    area.focus();
  });
}

const next = document.querySelector("[data-next]");
listen({
  ...(answer && { a: toAnswer }),
  ...(next && { n: () => next.click() }),
  "/": () => location.assign(document.querySelector("[data-list]").href + "#q"),
});
// No element has this name: to go to one would take the focus away again once the page is loaded.
if (answer && location.hash === "#to-answer") toAnswer();

function toAnswer() {
  answer.scrollIntoView({ block: "start" });
  answer.querySelector("input[type=radio]").focus();
}
