// The only script that runs before the page is drawn. Where modules work, it hides the later steps
// of the report form so that they do not flash; if the modules then fail to come (3G), it gives the
// whole plain form back, which works without any script.
if ("noModule" in HTMLScriptElement.prototype) {
  const root = document.documentElement;
  const giveBack = () => {
    if (!root.classList.contains("in-steps")) root.classList.remove("steps-coming");
  };
  root.classList.add("steps-coming");
  addEventListener("error", (event) => event.target instanceof HTMLScriptElement && giveBack(), true);
  addEventListener("load", () => setTimeout(giveBack, 4000));
}
