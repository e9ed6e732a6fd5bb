"use strict";
// Keeps the parts of a page that are marked data-live="address" fresh while the page is open and seen.
// What the person has opened, selected or scrolled to stays as it is. Without this script, reload.

const EVERY = 2000;

function isInUse(part) {
  const selection = document.getSelection();
  const selects = selection && !selection.isCollapsed && part.contains(selection.anchorNode);
  return selects || part.contains(document.activeElement?.closest("form")) || part.querySelector("details[open] form");
}

function followLogs(part) {
  for (const log of part.querySelectorAll("[data-follow]")) log.scrollTop = log.scrollHeight;
}

function replace(part, html) {
  const details = [...part.querySelectorAll("details[id]")].map((one) => [one.id, one.open]);
  const logs = [...part.querySelectorAll("[data-follow]")];
  const places = logs.map((log) => (log.scrollTop + log.clientHeight > log.scrollHeight - 40 ? null : log.scrollTop));
  part.innerHTML = html;
  for (const [id, open] of details) document.getElementById(id)?.toggleAttribute("open", open);
  part.querySelectorAll("[data-follow]").forEach((log, number) => {
    log.scrollTop = places[number] ?? log.scrollHeight;
  });
}

function keepFresh(part) {
  const state = part.querySelector("[data-state]")?.dataset.state;
  let shown = null;
  async function look() {
    if (document.hidden || isInUse(part)) return;
    const answer = await fetch(part.dataset.live);
    if (!answer.ok) return;
    const html = await answer.text();
    if (html === shown || isInUse(part)) return;
    replace(part, html);
    shown = html;
    // A change of state concerns the rest of the page too.
    if (part.querySelector("[data-state]")?.dataset.state !== state) location.reload();
  }
  async function forever() {
    for (;;) {
      await new Promise((wake) => setTimeout(wake, EVERY));
      // The Hub may be away for a moment: the next look tells.
      await look().catch(() => {});
    }
  }
  followLogs(part);
  forever();
}

document.querySelectorAll("[data-live]").forEach(keepFresh);
