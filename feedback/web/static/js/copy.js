// Copy and share buttons appear only where the browser can do what they say.
for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  const label = button.querySelector("span");
  const before = label.textContent;
  label.setAttribute("role", "status");
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    label.textContent = button.dataset.done;
    setTimeout(() => (label.textContent = before), 3000);
  });
}

for (const button of document.querySelectorAll("[data-share]")) {
  if (!navigator.share) continue;
  button.hidden = false;
  button.addEventListener("click", () =>
    // Closing the share sheet rejects the promise; that is the person's choice, not an error.
    navigator.share({ title: button.dataset.title, url: button.dataset.share }).catch(() => null),
  );
}
