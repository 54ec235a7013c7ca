// A field above a long list keeps only those choices that match, accents or not; the first is chosen.
import { fold } from "./words.js";

export function filtered(box, name) {
  const list = box.querySelector("select");
  const blank = list.options[0];
  const whole = [...list.children].map((child) => [child, [...child.children]]);
  const all = [...list.options].slice(1).map((option) => ({ option, text: textOf(option) }));
  const search = Object.assign(document.createElement("input"), { type: "search", className: "input", placeholder: name });
  search.setAttribute("aria-label", name);
  list.before(search);
  search.addEventListener("input", () => {
    const wanted = fold(search.value).split(" ").filter(Boolean);
    if (!wanted.length) {
      for (const [child, options] of whole) child.append(...options);
      list.replaceChildren(...whole.map(([child]) => child));
      return;
    }
    const found = all.filter(({ text }) => wanted.every((word) => text.includes(word)));
    list.replaceChildren(blank, ...found.map(({ option }) => option));
    list.value = found[0]?.option.value ?? "";
  });
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) event.preventDefault();
  });
}

// The group's name is searched too, and the words people use for a thing that offices call otherwise.
function textOf(option) {
  return fold([option.text, option.parentElement.label ?? "", option.dataset.keywords ?? ""].join(" "));
}
