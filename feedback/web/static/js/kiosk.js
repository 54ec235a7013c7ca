// A kiosk that nobody touches goes back to the faces, so that the next person finds them.
const idle = document.querySelector("[data-return]");
let timer = 0;

function wait() {
  clearTimeout(timer);
  timer = setTimeout(() => location.replace(idle.dataset.return), Number(idle.dataset.seconds) * 1000);
}

if (idle) {
  for (const kind of ["pointerdown", "keydown", "input", "scroll"]) addEventListener(kind, wait, { passive: true });
  wait();
}
