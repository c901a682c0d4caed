/* How is a number told to whoever holds it? The same as queueing/telling.py, as the page goes on. */

import { clockTime, zoneOf } from "../clock.js";

const SOON = 5 * 60_000;
const OVER = 3;

export class Words {
  constructor({ words, times, downWords, whereWords, lingering, urgency, services, counters }) {
    Object.assign(this, { words, times, downWords, whereWords, lingering, urgency, services, counters });
  }

  /** The number to look at first; what is over comes last. */
  inOrder({ tickets, plan }) {
    const rank = ({ state }) => this.urgency[state] ?? OVER;
    const place = ({ id }) => (plan.order.includes(id) ? plan.order.indexOf(id) : plan.order.length);
    return [...tickets].sort((a, b) => rank(a) - rank(b) || place(a) - place(b));
  }

  told(ticket, now) {
    const [title, sentence] = this.words[nameOf(ticket, now)];
    const named = { ...ticket, until: ticket.away_until ? hallTime(ticket.away_until) : "" };
    return [interpolate(title, named, true), interpolate(sentence, named, true)];
  }

  /** When a waiting number is probably called, or why nobody can say. */
  timeOf({ state, incident_since: isDown, estimate, estimate_why: why }, now) {
    if (state !== "waiting" || isDown) return "";
    if (!estimate) return this.times[why] ?? this.times[""];
    const isSoon = new Date(estimate.to) - now <= SOON;
    const span = { from: hallTime(estimate.from), to: hallTime(estimate.to) };
    return interpolate(this.times[isSoon ? "soon" : "range"], span, true);
  }

  /** That the agency's system is down, for a number that is not at a counter. */
  downOf({ state, services, incident_since: isDown }) {
    if (!isDown || !this.lingering.includes(state)) return "";
    const [sentence, anyAgency] = this.downWords;
    return interpolate(sentence, { agency: this.services[services[0]]?.agency ?? anyAgency }, true);
  }

  wantedOf({ services }) {
    return services.map((code) => this.services[code]?.name).filter(Boolean).join(", ");
  }

  /** "Disdukcapil · Zona A · Loket 1, 2", so that one waits in the right place. */
  whereOf(ticket) {
    if (!this.lingering.includes(ticket.state)) return "";
    const here = this.countersOf(ticket);
    const [zone, numbers] = this.whereWords;
    const parts = [this.services[ticket.services[0]]?.agency];
    if (here.length) {
      parts.push(interpolate(zone, { zone: here[0][1] }, true));
      parts.push(interpolate(numbers, { counters: inShort(here.map(([number]) => number)) }, true));
    }
    return parts.filter(Boolean).join(" · ");
  }

  countersOf({ counter, queue }) {
    return this.counters.filter(([number, , queues]) => (counter === null ? queues.includes(queue) : number === counter));
  }
}

export function isAway({ away_until: until }, now) {
  return Boolean(until) && new Date(until) > now;
}

/** "1-5, 7" of numbers that rise. */
function inShort(numbers) {
  const spans = [];
  for (const number of numbers) {
    const last = spans.at(-1);
    if (last?.at(-1) === number - 1) last.push(number);
    else spans.push([number]);
  }
  return spans.map((span) => (span.length > 2 ? `${span[0]}-${span.at(-1)}` : span.join(", "))).join(", ");
}

function nameOf(ticket, now) {
  if (ticket.state !== "waiting") return ticket.state;
  if (isAway(ticket, now)) return "away";
  if (ticket.held_by) return "held";
  return ticket.ahead === 0 && ticket.estimate_why !== "no_counter" ? "next" : "waiting";
}

function hallTime(at) {
  return clockTime(zoneOf(at), new Date(at));
}
