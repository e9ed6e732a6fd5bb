// Keeps the run page up to date: each event is the part's new HTML, made by the server.
const part = document.getElementById("live");
const source = new EventSource(part.dataset.events);
source.addEventListener("run", (event) => {
  part.innerHTML = event.data;
});
source.addEventListener("end", () => source.close());
