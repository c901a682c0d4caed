/* Who is next, who was set aside, who was here? Each line with what can be done about it. */

import { rangeOf } from "../estimate.js";
import { part } from "./part.js";
import { minutes } from "./words.js";

const CALLED_BACK = new Set(["done", "no_show", "on_hold"]);

export function drawLists(state) {
  const waiting = state.queues.reduce((sum, queue) => sum + queue.waiting, 0);
  const isFree = state.counter.status === "open" && !state.current;
  list("next", state.next, (row, ticket) => drawNext(row, ticket, isFree));
  list("held", state.held);
  list("no-shows", state.no_shows);
  list("history", state.history, (row, ticket) => drawPast(row, ticket, isFree));
  part["waiting-count"].textContent = waiting || "";
  part["held-count"].textContent = state.held.length || "";
  part["no-shows-count"].textContent = state.no_shows.length || "";
  part["history-count"].textContent = state.history.length || "";
  part.queues.textContent = state.queues.map(lineOf).join(", ");
  part.served.textContent = state.served_today;
}

/** "A: 4 (09.40–10.00)": how many wait, and when whoever comes now is called. */
function lineOf({ code, waiting, estimate }) {
  const range = rangeOf(estimate);
  return range ? `${code}: ${waiting} (${range})` : `${code}: ${waiting}`;
}

export function tickLists(now) {
  for (const each of part.next.children) {
    each.querySelector("[data-slot=wait]").textContent = minutes(now - new Date(each.dataset.since));
  }
}

/** Why it stands here; whom this counter passes by looks it, and cannot be pressed. */
function drawNext(row, ticket, isFree) {
  row.toggleAttribute("data-passed-by", !ticket.callable);
  row.querySelector(".row-why").hidden = !ticket.why;
  row.querySelector("button").disabled = !isFree || !ticket.callable;
}

function drawPast(row, { state }, isFree) {
  const button = row.querySelector("button");
  button.hidden = !CALLED_BACK.has(state);
  button.disabled = !isFree;
}

/** A ticket that stays keeps its row: a button taken out under the finger would lose the press. */
function list(name, tickets, drawRow = () => null) {
  const ids = new Set(tickets.map(({ id }) => id));
  for (const each of [...part[name].children]) if (!ids.has(each.dataset.id)) each.remove();
  const rows = new Map([...part[name].children].map((each) => [each.dataset.id, each]));
  tickets.forEach((ticket, place) => {
    const there = part[name].children[place] ?? null;
    const wanted = rows.get(ticket.id) ?? part[`${name}-row`].content.firstElementChild.cloneNode(true);
    if (wanted !== there) part[name].insertBefore(wanted, there);
    drawRow(fill(wanted, ticket), ticket);
  });
  part[`${name}-none`].hidden = tickets.length > 0;
}

function fill(row, ticket) {
  row.dataset.id = ticket.id;
  row.dataset.label = ticket.label;
  row.dataset.since = ticket.issued_at;
  for (const slot of row.querySelectorAll("[data-slot]")) {
    const value = ticket[slot.dataset.slot];
    slot.textContent = Array.isArray(value) ? value.join(", ") || ticket.agency : value ?? "";
    if (slot.dataset.slot === "priority") slot.hidden = !value;
  }
  const button = row.querySelector("button:not(.row)");
  button?.setAttribute("aria-label", `${button.textContent} ${ticket.label}`);
  return row;
}
