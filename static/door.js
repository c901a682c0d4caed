/* How busy is the hall? Two figures of the start page, kept true. */

import { LiveBoard } from "./live.js";

const live = new LiveBoard(document.documentElement.dataset.hall, { spread: 10_000 });
const part = (id) => document.getElementById(id);

function draw() {
  const { queues, counters } = live.board;
  part("waiting").textContent = queues.reduce((sum, { waiting }) => sum + waiting, 0);
  part("counters-open").textContent = counters.filter(({ status }) => status === "open").length;
}

function showStale() {
  part("stale").hidden = !live.isStale;
}

live.addEventListener("board", draw);
live.addEventListener("stale", showStale);
live.addEventListener("fresh", showStale);
live.start();
