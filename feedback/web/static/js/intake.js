// Comforts of the page where calls are taken; it works without them.
import { filtered } from "./filtered.js";

const form = document.querySelector("[data-intake]");

for (const box of form.querySelectorAll("[data-filter]")) filtered(box, box.dataset.filter);
for (const hint of document.querySelectorAll("[data-keys]")) hint.hidden = false;
form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  form.requestSubmit();
});
