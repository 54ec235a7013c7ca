// Single keys of a page: `acts` maps a key to what it does; ? shows them all in the page's dialog.
// They rest while somebody types, and while the dialog is open.
const help = document.getElementById("keys");

export function listen(acts) {
  const all = { ...acts, "?": () => help.showModal() };
  for (const hint of document.querySelectorAll("[data-keys]")) hint.hidden = false;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || help.open) return;
    if (event.target.matches("input:not([type=checkbox]):not([type=radio]), select, textarea")) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    const act = all[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}
