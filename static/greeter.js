/* The reception: what needs a hand, a number in two touches, and any number of today. */

import { Alerts } from "./alerts.js";
import { LiveBoard } from "./live.js";
import { Chime } from "./greeter/chime.js";
import { Found } from "./greeter/found.js";
import { Give } from "./greeter/give.js";
import { Offers } from "./greeter/offers.js";
import { about, part, press, tell } from "./greeter/part.js";
import { Pick } from "./greeter/pick.js";

const ASK_CATALOGUE = 60_000;

const root = document.documentElement;
const live = new LiveBoard(root.dataset.hall);
const offers = new Offers(about.catalogue, root.lang);
const found = new Found(offers, live);
const give = new Give(live, { onGiven, onEdit: look });
const pick = new Pick(offers, live, choose);
const chime = new Chime(part.sound);
const alerts = new Alerts(live, { canAnswer: true });

function choose(service) {
  give.choose(service);
  pick.mark(service.code);
}

function onGiven() {
  pick.begin();
  pick.mark("");
  refresh();
}

async function look(label) {
  await press(part.find.querySelector("button"), "find-refusal", async () => {
    await found.look(label);
    part["find-label"].value = "";
  });
}

function close() {
  give.clear();
  pick.mark("");
  root.toggleAttribute("data-side", false);
  tell("find-refusal", "");
}

async function refresh() {
  await offers.refresh();
  draw();
}

function draw() {
  pick.drawStates();
  give.draw();
}

function showStale() {
  part.stale.hidden = !live.isStale;
}

part.find.addEventListener("submit", (event) => {
  event.preventDefault();
  look(part["find-label"].value);
});
for (const button of document.querySelectorAll("[data-close-side]")) button.addEventListener("click", close);
alerts.addEventListener("help", () => chime.ring());
live.addEventListener("board", draw);
live.addEventListener("stale", showStale);
live.addEventListener("fresh", showStale);
live.addEventListener("turned-away", () => location.reload());
setInterval(() => document.visibilityState === "visible" && refresh(), ASK_CATALOGUE);

live.take(about.board);
live.start();
alerts.start(about.alerts);
