"use strict";
// Keeps the run page up to date: each event is the part's new HTML, made by the server.
// Where the keyboard is and how far the log was scrolled stays as it is; a log at its end stays at its end.

const part = document.getElementById("live");
const said = document.getElementById("said");
const source = new EventSource(part.dataset.events);
const log = () => part.querySelector(".log");

function placeInLog() {
  const isAtEnd = !log() || log().scrollTop + log().clientHeight > log().scrollHeight - 40;
  return isAtEnd ? Infinity : log().scrollTop;
}

function scrollLog(place) {
  if (log()) log().scrollTop = Math.min(place, log().scrollHeight);
}

function held() {
  const one = document.activeElement;
  if (!part.contains(one)) return null;
  for (const by of ["href", "formaction", "aria-label", "aria-labelledby"])
    if (one.hasAttribute(by)) return `[${by}="${CSS.escape(one.getAttribute(by))}"]`;
  return null;
}

source.addEventListener("run", (event) => {
  const [place, focused] = [placeInLog(), held()];
  part.innerHTML = event.data;
  scrollLog(place);
  if (focused) part.querySelector(focused)?.focus({ preventScroll: true });
  // A screen reader hears the step, not the page again.
  const now = part.querySelector("[data-said]").dataset.said;
  if (said.textContent !== now) said.textContent = now;
});
source.addEventListener("end", () => source.close());
scrollLog(Infinity);
