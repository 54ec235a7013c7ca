// Typing in a questionnaire: a digit leads on to the next field, Ctrl+Enter sends.
const form = document.querySelector("[data-interview]");
const fields = [...form.querySelectorAll("select, textarea, input:not([type=hidden])")];

form.addEventListener("input", ({ target }) => {
  const digits = Number(target.dataset.digit);
  if (digits && target.value.trim().length >= digits) {
    const next = fields[fields.indexOf(target) + 1];
    next?.focus();
    next?.select?.();
  }
});
form.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.dataset.digit && !event.ctrlKey) {
    event.preventDefault(); // it would send a half filled questionnaire
    fields[fields.indexOf(event.target) + 1]?.focus();
  }
  if (event.key === "Enter" && event.ctrlKey) {
    event.preventDefault();
    form.requestSubmit();
  }
});
form.querySelector("[data-keys]").hidden = false;
if (!document.querySelector("#error-summary")) form.querySelector("[data-digit]")?.focus();
