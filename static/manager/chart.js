/* How did the day go so far? Two bars for each half hour, and the same as a table. */

import { part, say } from "./part.js";

const SVG = "http://www.w3.org/2000/svg";
const [WIDTH, HEIGHT, LEFT, FOOT] = [600, 160, 32, 30];

export function drawChart(halfHours) {
  part.chart.hidden = !halfHours.length;
  part["chart-none"].hidden = halfHours.length > 0;
  if (!halfHours.length) return;
  const most = Math.max(1, ...halfHours.flatMap(({ issued, called }) => [issued, called]));
  const step = (WIDTH - LEFT) / halfHours.length;
  const nodes = [line(0, most), line(most, most)];
  halfHours.forEach((each, i) => nodes.push(...group(each, LEFT + i * step, Math.min(step, 60), most)));
  nodes.push(...hours(halfHours, step));
  part["chart-bars"].replaceChildren(...nodes);
  part["chart-table"].replaceChildren(...halfHours.map(row));
  say(part["chart-says"], summary(halfHours));
}

function group({ issued, called }, x, width, most) {
  const each = width * 0.4;
  return [bar(issued, x + width * 0.08, each, most, "issued"), bar(called, x + width * 0.5, each, most, "called")];
}

function bar(count, x, width, most, name) {
  const height = (count / most) * (HEIGHT - 20);
  return node("rect", { x, y: HEIGHT - height, width, height, class: name });
}

function line(count, most) {
  const y = HEIGHT - (count / most) * (HEIGHT - 20);
  const group = node("g", {});
  group.append(node("line", { x1: LEFT, x2: WIDTH, y1: y, y2: y }));
  group.append(words(count, { x: LEFT - 6, y: y + 5, "text-anchor": "end" }));
  return group;
}

/** Not every half hour has room for its name. */
function hours(halfHours, step) {
  const every = Math.ceil(52 / step);
  return halfHours.flatMap((each, i) =>
    i % every ? [] : [words(each.from, { x: LEFT + i * step, y: HEIGHT + FOOT - 8 })]);
}

function words(text, attributes) {
  const made = node("text", attributes);
  made.textContent = text;
  return made;
}

function node(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function row({ from, issued, called }) {
  const made = document.createElement("tr");
  for (const [name, text] of [["th", from], ["td", issued], ["td", called]]) {
    const cell = document.createElement(name);
    cell.textContent = text;
    if (name === "th") cell.scope = "row";
    made.append(cell);
  }
  return made;
}

function summary(halfHours) {
  const sum = (name) => halfHours.reduce((total, each) => total + each[name], 0);
  return interpolate(gettext("Seluruhnya %s diberikan, %s dipanggil."), [sum("issued"), sum("called")]);
}
