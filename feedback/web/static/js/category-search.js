// Two dozen categories are too many for a small screen: search narrows them, a tap folds the list to
// the one chosen.
import { fold, say } from "./words.js";

export function categorySearch(box) {
  const search = box.querySelector("[data-category-search]");
  const input = search.querySelector("input");
  const status = box.querySelector("[data-category-status]");
  const again = box.querySelector("[data-category-again]");
  const options = [...box.querySelectorAll("[data-option]")].map((row) => ({
    row,
    radio: row.querySelector("input"),
    text: fold(searchable(row)),
    always: "always" in row.dataset,
  }));

  function show(keep) {
    for (const option of options) option.row.hidden = !keep(option);
    for (const group of box.querySelectorAll("[data-group]")) {
      const open = group.querySelector("[data-option]:not([hidden])");
      group.hidden = !open;
    }
  }

  function filter() {
    const wanted = fold(input.value).split(" ");
    show((option) => option.always || wanted.every((word) => option.text.includes(word)));
    const found = options.filter((option) => !option.always && !option.row.hidden).length;
    status.textContent = !input.value.trim() ? "" : found ? say("found", { n: found }) : say("found_none");
  }

  function foldToChosen() {
    const chosen = options.find((option) => option.radio.checked);
    if (!chosen) return;
    show((option) => option === chosen);
    search.hidden = true;
    again.hidden = false;
    status.textContent = "";
  }

  function unfold() {
    search.hidden = false;
    again.hidden = true;
    input.value = "";
    filter();
    input.focus();
  }

  search.hidden = false;
  input.addEventListener("input", filter);
  // Enter in the search box must not send the form.
  input.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
  again.addEventListener("click", unfold);
  box.addEventListener("click", (event) => {
    // Arrow keys choose as they move and click with detail 0: folding then would trap them.
    if (event.detail > 0 && event.target.closest("[data-option]")) setTimeout(foldToChosen);
  });
  return { foldToChosen };
}

// The group's name is searched too ("môi trường" finds all that stands under it), and the words people
// use for a thing that offices call otherwise ("đèn đường" for "chiếu sáng").
function searchable(row) {
  const group = row.closest("[data-group]")?.firstElementChild.textContent ?? "";
  return [row.textContent, group, row.dataset.keywords ?? ""].join(" ");
}
