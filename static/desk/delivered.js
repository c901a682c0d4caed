/* What was given to the person? What was asked, unless the officer says otherwise; no dialog. */

import { part } from "./part.js";

let drawn = "";

export function drawDelivered(current) {
  const isServing = current?.state === "serving";
  part["delivered-part"].hidden = !isServing;
  part.services.hidden = isServing && current.wanted.length > 0;
  part.delivered.hidden = !current?.wanted.length;
  const name = isServing ? JSON.stringify([current.id, current.wanted]) : "";
  if (name === drawn) return; // what the officer has chosen stays
  const off = new Set(isSame(name) ? unticked() : []);
  if (!isSame(name)) part["finish-note"].value = "";
  drawn = name;
  part.delivered.replaceChildren(...(isServing ? current.wanted : []).map((each) => toggle(each, off)));
}

/** Whether it is still the same person, with another service perhaps. */
function isSame(name) {
  return Boolean(drawn && name) && JSON.parse(drawn)[0] === JSON.parse(name)[0];
}

const boxes = () => [...part.delivered.querySelectorAll("input")];
const unticked = () => boxes().filter(({ checked }) => !checked).map(({ value }) => value);

function toggle({ code, name }, off) {
  const made = part["delivered-row"].content.firstElementChild.cloneNode(true);
  const box = made.querySelector("input");
  Object.assign(box, { value: code, checked: !off.has(code) });
  made.querySelector("span").textContent = name;
  return made;
}

/** What is said of the service that ends. */
export function outcome({ state }) {
  if (state.current?.state !== "serving") return {};
  const delivered = boxes().filter(({ checked }) => checked).map(({ value }) => value);
  const note = part["finish-note"].value.trim();
  return { ...(boxes().length ? { delivered } : {}), ...(note ? { note } : {}) };
}
