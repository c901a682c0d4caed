/* How is the hall doing at this moment, and what can be done about it? */

import { Alerts } from "./alerts.js";
import { LiveBoard } from "./live.js";
import { drawChart } from "./manager/chart.js";
import { CounterDialog } from "./manager/counter.js";
import { drawCounters, drawQueues, drawSums, drawWhen } from "./manager/draw.js";
import { about, part, root } from "./manager/part.js";
import { QueueDialog } from "./manager/queue.js";

const BETWEEN = 1_000;
const LOOK_AROUND = 20_000;

const OF_A_QUEUE = new Set(["no_counter", "incident", "long_wait", "quota_low"]);

const live = new LiveBoard(root.dataset.hall);
const alerts = new Alerts(live, {
  canAnswer: about.is_manager,
  linksTo: ({ kind }) => about.is_manager && !OF_A_QUEUE.has(kind),
});
const hall = { live, state: about.state, refresh };
const dialogs = { queue: new QueueDialog(hall), counter: new CounterDialog(hall) };

function draw() {
  drawSums(hall);
  drawQueues(hall);
  drawCounters(hall);
  drawWhen(hall);
  for (const dialog of Object.values(dialogs)) dialog.redraw();
}

// --- What the board does not say -----------------------------------------------------------------

let soon = null;

function refreshSoon() {
  soon ??= setTimeout(() => {
    soon = null;
    refresh();
  }, BETWEEN);
}

async function refresh() {
  try {
    const response = await fetch(`${location.pathname}/state.json`, { cache: "no-store" });
    if (response.status === 401) location.reload();
    if (!response.ok) return;
    const state = await response.json();
    if (state.epoch === hall.state.epoch && state.version < hall.state.version) return;
    hall.state = state;
    drawChart(state.half_hours);
    draw();
  } catch {
    // The badge tells when the link is cut, and the next board brings us back here.
  }
}

function showStale() {
  part.stale.hidden = !live.isStale;
}

// --- Wiring --------------------------------------------------------------------------------------

part.queues.addEventListener("click", ({ target }) => {
  const button = target.closest("button");
  if (button) dialogs.queue.open(button.closest("tr").dataset.code);
});
part.counters.addEventListener("click", ({ target }) => {
  const button = target.closest("button");
  if (button) dialogs.counter.open(Number(button.dataset.number));
});
live.addEventListener("board", draw);
live.addEventListener("board", () => live.isRemembered || refreshSoon());
live.addEventListener("stale", showStale);
live.addEventListener("fresh", showStale);
live.addEventListener("turned-away", () => location.reload());
setInterval(() => live.isStale || draw(), 10_000);
setInterval(() => document.visibilityState === "visible" && refreshSoon(), LOOK_AROUND);

live.take(about.board);
live.start();
drawChart(about.state.half_hours);
alerts.start(about.alerts);
