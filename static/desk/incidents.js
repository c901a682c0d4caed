/* Is the agency's system down? The officer says so, queue by queue, and says when it is over. */

import { clockTime, zoneOf } from "../clock.js";
import { part } from "./part.js";

/** The hall may not know of incidents yet: then there is nothing to press. */
const known = (state) => state.queues.filter((queue) => "incident_since" in queue);

export function drawIncidents(state) {
  const queues = known(state);
  const name = JSON.stringify(queues.map(({ code, incident_since: since }) => [code, since]));
  if (part.incidents.dataset.drawn === name) return;
  part.incidents.dataset.drawn = name;
  part.incidents.replaceChildren(...queues.map(button));
  const down = queues.filter(({ incident_since: since }) => since);
  part.incident.hidden = !down.length;
  part.incident.textContent = down.map((queue) => sentence(queue, state)).join(" ");
}

function button({ code, incident_since: since }) {
  const made = part["incident-row"].content.firstElementChild.cloneNode(true);
  const words = since ? gettext("Gangguan %s selesai") : gettext("Sistem %s sedang gangguan…");
  const press = made.querySelector("button");
  press.textContent = interpolate(words, [code]);
  Object.assign(press.dataset, { queue: code, testid: `incident-${code}` });
  return made;
}

function sentence({ code, incident_since: since }, { at }) {
  const time = clockTime(zoneOf(at), new Date(since));
  return interpolate(gettext("Sistem antrean %s sedang gangguan sejak %s."), [code, time]);
}
