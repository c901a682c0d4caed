/* May this browser in? It shows a code until a manager has typed it somewhere else. */

import { send } from "./post.js";

const LOOK_EVERY = 3_000;
const ASK_AGAIN = 15_000;

const part = (id) => document.getElementById(id);
const about = JSON.parse(part("about").textContent);

async function ask() {
  try {
    const { code } = await send(about.ask);
    part("code").textContent = `${code.slice(0, 4)} ${code.slice(4)}`;
    setTimeout(look, LOOK_EVERY);
  } catch (refusal) {
    part("code").textContent = "";
    part("told").textContent = refusal.message;
    setTimeout(ask, ASK_AGAIN);
  }
}

/** See what became of the code; a new one is asked for when it is over, and silence is waited out. */
async function look() {
  const state = await stateNow();
  if (state === "paired") location.replace(about.next);
  else if (state === "over") ask();
  else setTimeout(look, LOOK_EVERY);
}

async function stateNow() {
  try {
    const response = await fetch(about.state, { cache: "no-store" });
    return response.ok ? (await response.json()).state : "unknown";
  } catch {
    return "unknown";
  }
}

ask();
