// Keys of the queue: j and k choose a case, Enter opens it, / searches, ? shows the keys. The links
// of the table do the work, so everything can be done without this module.
const table = document.querySelector("[data-queue]");
const rows = table ? [...table.tBodies[0].rows] : [];
const help = document.getElementById("keys");
const search = document.getElementById("q");

for (const hint of document.querySelectorAll("[data-keys]")) hint.hidden = false;
for (const row of rows) {
  row.addEventListener("click", (event) => {
    const chosenText = String(getSelection());
    if (!chosenText && !event.target.closest("a")) link(row).click();
  });
  link(row).addEventListener("focus", () => mark(row));
}
document.addEventListener("keydown", pressed);

function pressed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || help.open) return;
  if (event.target.matches("input, select, textarea")) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  const act = { j: () => step(1), k: () => step(-1), "/": () => search.focus(), "?": () => help.showModal() }[event.key];
  if (!act) return;
  event.preventDefault();
  act();
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
