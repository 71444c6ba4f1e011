// Leaving fast: three presses of Shift do what the link does, and neither leaves this page behind the Back button.
const link = document.querySelector("a.exit");
let presses = [];

function leave(event) {
  event?.preventDefault();
  document.body.hidden = true;
  location.replace(link.href);
}

link.addEventListener("click", leave);
document.addEventListener("keydown", (event) => {
  if (event.key !== "Shift") {
    presses = [];
  } else if (!event.repeat) {
    presses = [...presses, event.timeStamp].slice(-3);
    if (presses.length === 3 && presses[2] - presses[0] < 1500) leave();
  }
});
for (const hint of document.querySelectorAll("[data-exit-hint]")) hint.hidden = false;
