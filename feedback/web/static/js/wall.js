// The wall: newer boards are fetched and put in place, one board after the other fills the screen, and
// old figures are called old. Without this module every board is shown and the page loads itself anew.
const wall = document.querySelector("[data-wall]");
const controls = document.querySelector("[data-controls]");
const pause = document.querySelector("[data-pause]");
const stale = document.querySelector("[data-stale]");
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const own = wall.dataset;

// The screen's clock may be wrong, so the age is counted on from what the server said.
let tag = own.tag;
let age = own.age === "" ? null : Number(own.age);
let saidAt = performance.now();
let running = !calm.matches;
let shown = location.hash.slice(1) || "board-flow";
let turnedAt = performance.now();

controls.hidden = false;
for (const button of controls.querySelectorAll("[data-show]")) {
  button.addEventListener("click", () => {
    running = false;
    show(button.dataset.show);
  });
}
pause.addEventListener("click", () => {
  running = !running;
  show(shown);
});
controls.querySelector("[data-whole]").addEventListener("click", () => {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen();
});
show(shown);
setInterval(turn, 1000);
setInterval(judge, 1000);
setInterval(fetchNewer, Number(own.poll) * 1000);

function boards() {
  return [...wall.querySelectorAll("[data-board]")];
}

function show(id) {
  const all = boards();
  const chosen = all.find((board) => board.id === id) || all[0];
  turnedAt = performance.now();
  pause.textContent = running ? pause.dataset.stop : pause.dataset.goOn;
  if (!chosen) return;
  shown = chosen.id;
  wall.classList.add("turning");
  for (const board of all) board.classList.toggle("now", board === chosen);
  for (const button of controls.querySelectorAll("[data-show]")) {
    button.setAttribute("aria-pressed", String(button.dataset.show === shown));
  }
}

function turn() {
  if (!running || performance.now() - turnedAt < Number(own.turn) * 1000) return;
  const all = boards();
  if (!all.length) return;
  show(all[(all.findIndex((board) => board.id === shown) + 1) % all.length].id);
}

function judge() {
  const old = age === null || age + (performance.now() - saidAt) / 1000 > Number(own.staleAfter);
  stale.hidden = !old;
  wall.classList.toggle("stale", old);
}

async function fetchNewer() {
  try {
    const answer = await fetch(own.url, { headers: { "If-None-Match": `"${tag}"`, Accept: "application/json" }, cache: "no-store" });
    if (answer.status === 304) return;
    // Signed out: the page itself is sent to where one signs in.
    if (answer.redirected || answer.status === 401) return location.reload();
    if (!answer.ok) return;
    const newer = await answer.json();
    tag = newer.tag; // a proxy that packs the answer may change the header's
    age = newer.age;
    saidAt = performance.now();
    wall.innerHTML = newer.html;
    document.querySelector("[data-told]").textContent = newer.told;
    show(shown);
    judge();
  } catch {
    // The network is away: the figures grow old, and the page says so by itself.
  }
}
