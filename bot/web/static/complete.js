"use strict";
// Offers models while one is typed. Without this the field takes whatever is written, and knows the last ones.

const field = document.querySelector("[list=known]");
const known = document.getElementById("known");
let waiting;

async function offer() {
  const answer = await fetch("/models", { method: "POST", body: new URLSearchParams({ typed: field.value }) });
  if (!answer.ok) return;
  const { models } = await answer.json();
  known.replaceChildren(...models.map((name) => Object.assign(document.createElement("option"), { value: name })));
}

field.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(offer, 200);
});
