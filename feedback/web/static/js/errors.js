// A form that came back with errors: the focus goes to the summary, which screen readers then read.
const summary = document.getElementById("error-summary");
if (summary && !summary.hidden) summary.focus();
