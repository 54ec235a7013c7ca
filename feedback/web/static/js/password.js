// A password can be looked at while it is typed; it is hidden again before it is sent.
for (const button of document.querySelectorAll("[data-show-password]")) {
  const input = document.getElementById(button.dataset.showPassword);
  const show = (yes) => {
    input.type = yes ? "text" : "password";
    button.setAttribute("aria-pressed", String(yes));
  };
  button.hidden = false;
  button.addEventListener("click", () => show(input.type === "password"));
  input.form.addEventListener("submit", () => show(false));
}
