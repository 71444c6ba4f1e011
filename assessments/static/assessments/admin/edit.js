// Checks the text while it is being written, leads to the line of a fault, and shows the client's view of what is right.
// Without it the buttons do the same.
const form = document.getElementById("edit");
const text = document.getElementById("definition");
const faults = document.getElementById("faults");
const place = document.getElementById("place");
const frame = document.getElementById("client");
const PAUSE = 500;

let waiting = 0;
let asked = 0;
let saved = text.value;

const isValid = () => faults.querySelector("[data-valid]") !== null;
const show = () => form.requestSubmit(document.getElementById("show"));

async function check() {
  const round = ++asked;
  const answer = await fetch(form.dataset.check, { method: "POST", body: new FormData(form) }).catch(() => null);
  if (!answer?.ok || round !== asked) return;
  faults.innerHTML = await answer.text();
  if (isValid()) show();
}

// The start of a line, counted from 1.
function startOf(line) {
  let start = 0;
  for (let passed = 1; passed < line; passed += 1) start = text.value.indexOf("\n", start) + 1 || start;
  return start;
}

function goTo(line) {
  const start = startOf(line);
  const end = text.value.indexOf("\n", start);
  text.focus();
  text.setSelectionRange(start, end < 0 ? text.value.length : end);
  text.scrollTop = Math.max(0, line - 6) * Number.parseFloat(getComputedStyle(text).lineHeight);
  text.scrollLeft = 0;
}

function tellPlace() {
  place.textContent = `${place.dataset.words} ${text.value.slice(0, text.selectionStart).split("\n").length}`;
}

text.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(check, PAUSE);
});
document.addEventListener("selectionchange", () => document.activeElement === text && tellPlace());
faults.addEventListener("click", (event) => {
  const link = event.target.closest("[data-line]");
  if (!link) return;
  event.preventDefault();
  goTo(Number(link.dataset.line));
});

// A new view of the form stays where the old one was read.
let read = 0;
form.addEventListener("submit", (event) => {
  if (event.submitter?.formTarget) read = frame.contentWindow.scrollY;
  else saved = text.value;
});
frame.addEventListener("load", () => frame.contentWindow.scrollTo(0, read));

window.addEventListener("beforeunload", (event) => {
  if (text.value !== saved) event.preventDefault();
});

if (isValid() && !frame.hasAttribute("src")) show();
