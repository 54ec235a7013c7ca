// Keys of the queue: j and k choose a case, Enter opens it, a opens it at its answer, / searches. The
// links of the table do the work, so everything can be done without this module.
import { listen } from "./keys.js";

const table = document.querySelector("[data-queue]");
const rows = table ? [...table.tBodies[0].rows] : [];
const search = document.getElementById("q");

for (const row of rows) {
  row.addEventListener("click", (event) => {
    const chosenText = String(getSelection());
    if (!chosenText && !event.target.closest("a, label, input")) link(row).click();
  });
  link(row).addEventListener("focus", () => mark(row));
}
listen({
  j: () => step(1),
  k: () => step(-1),
  n: () => step(1),
  a: () => open("#to-answer"),
  x: tick,
  "/": () => search.focus(),
});

const all = document.querySelector("[data-all]");
if (all) {
  all.hidden = false;
  all.addEventListener("change", () => {
    for (const box of table.querySelectorAll("[name=case]")) box.checked = all.checked;
  });
}

function tick() {
  const box = rows.find((row) => row.classList.contains("on"))?.querySelector("[name=case]");
  if (box) box.checked = !box.checked;
}

function open(part) {
  const chosen = rows.find((row) => row.classList.contains("on")) || rows[0];
  if (chosen) location.assign(link(chosen).href + part);
}

// Focus moves to the case's link, so Enter opens it and screen readers say it.
function step(by) {
  const at = rows.findIndex((row) => row.classList.contains("on"));
  const next = rows[Math.min(rows.length - 1, Math.max(0, at + by))];
  if (!next) return;
  link(next).focus();
  next.scrollIntoView({ block: "nearest" });
}

function mark(chosen) {
  for (const row of rows) row.classList.toggle("on", row === chosen);
}

function link(row) {
  return row.querySelector("a.code");
}
