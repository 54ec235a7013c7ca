// Photos of a short form, such as a rating.
import { photoUpload } from "./photo-upload.js";

for (const form of document.querySelectorAll("[data-photo-form]")) {
  const uploads = photoUpload(form.querySelector("[data-uploads]"), { csrf: form.elements.csrf_token.value });
  form.addEventListener("submit", async (event) => {
    if (!uploads.busy()) return;
    event.preventDefault();
    await uploads.settled();
    form.requestSubmit(event.submitter);
  });
}
