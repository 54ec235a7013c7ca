// Sentences come translated from the template, in a JSON block, so that gettext sees all of them.
export const words = JSON.parse(document.getElementById("words")?.textContent || "{}");

/** The sentence `key` with its {places} filled. */
export function say(key, values = {}) {
  return (words[key] || key).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** Text without case and accents: "Đèn đường" and "den duong" meet. */
export function fold(text) {
  return text
    .toLowerCase()
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replace(/đ/g, "d")
    .replace(/\s+/g, " ")
    .trim();
}
