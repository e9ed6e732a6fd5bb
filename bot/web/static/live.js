"use strict";
// Keeps the run page up to date: each event is a part's new HTML, made by the server.
// Where the keyboard is and how far a log was scrolled stays as it is; a log at its end stays at its end.

const part = document.getElementById("live");
const jobLog = document.getElementById("job-log");
const said = document.getElementById("said");
const source = new EventSource(part.dataset.events);

function placeIn(log) {
  const isAtEnd = !log || log.scrollTop + log.clientHeight > log.scrollHeight - 40;
  return isAtEnd ? Infinity : log.scrollTop;
}

function scrollLog(log, place) {
  if (log) log.scrollTop = Math.min(place, log.scrollHeight);
}

function held(within) {
  const one = document.activeElement;
  if (!within.contains(one)) return null;
  for (const by of ["href", "formaction", "aria-label", "aria-labelledby"])
    if (one.hasAttribute(by)) return `[${by}="${CSS.escape(one.getAttribute(by))}"]`;
  return null;
}

function show(within, html) {
  const [place, focused] = [placeIn(within.querySelector(".log")), held(within)];
  within.innerHTML = html;
  scrollLog(within.querySelector(".log"), place);
  if (focused) within.querySelector(focused)?.focus({ preventScroll: true });
}

source.addEventListener("run", (event) => {
  show(part, event.data);
  // A screen reader hears the step, not the page again.
  const now = part.querySelector("[data-said]").dataset.said;
  if (said.textContent !== now) said.textContent = now;
});
source.addEventListener("log", (event) => jobLog && show(jobLog, event.data));
source.addEventListener("end", () => source.close());
scrollLog(part.querySelector(".log"), Infinity);
