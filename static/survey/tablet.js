/* The survey at the exit: a number by touch, one question at a time, and back to the start alone. */

import { setAppearance } from "../appearance.js";
import { Idle } from "../kiosk/idle.js";
import { keypad } from "./keypad.js";
import { steps } from "./steps.js";

const BEAT = 20_000;
const THANKS = 15;

const page = document.querySelector("[data-home]");
const cut = document.getElementById("cut");
const idle = new Idle(goHome);

keypad(document.getElementById("keypad"), document.getElementById("label"));
steps(document.querySelector("[data-steps]"), document.getElementById("ways"));
for (const form of document.forms) form.addEventListener("submit", sendWhenHeard);
setInterval(beat, BEAT);
setInterval(tick, 1_000);
document.documentElement.dataset.ready = "";

/** The next person begins in Indonesian and with the usual look. */
function goHome() {
  setAppearance("contrast", "");
  setAppearance("text", "");
  location.replace(`${page.dataset.home}?lang=id`);
}

function tick() {
  if ("over" in page.dataset) {
    if (idle.quietFor >= THANKS) goHome();
  } else if (isBegun()) idle.tick();
}

function isBegun() {
  if (!("start" in page.dataset)) return true;
  const isUsual = document.documentElement.dataset.language === "id" && !document.querySelector("[aria-pressed=true]");
  return !isUsual || document.getElementById("label").value !== "" || document.querySelector("[role=alert]:not([hidden])") !== null;
}

/** A sign of life, by which the hall sees the tablet and the tablet the hall. */
async function beat() {
  try {
    const answer = await fetch(page.dataset.home, { method: "HEAD", cache: "no-store" });
    if (answer.status === 403) location.replace(page.dataset.home); // revoked: it asks to be paired
    return answer.ok;
  } catch {
    return false;
  }
}

/** Let a form go only when the hall answers: a browser's own page of errors leads nowhere. */
async function sendWhenHeard(event) {
  event.preventDefault();
  const { target: form, submitter } = event;
  if (form.ariaBusy === "true") return;
  form.ariaBusy = "true";
  cut.hidden = await beat();
  form.ariaBusy = "false";
  if (!cut.hidden) return;
  if (submitter?.name) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: submitter.name, value: submitter.value }));
  form.submit();
}
