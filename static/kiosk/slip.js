/* Does the number come out on paper? One slip a ticket, by bridge or browser, and the hall is told.
 *
 *   const { outcome } = await printSlip([ticket.id], visit, { companion: true });
 *
 * `printed`, `none` (no printer here), `paper_out`, `gone`, or `unknown`: it may have come out. The
 * number itself never waits for any of it. A browser cannot know what its printer did: `printed`
 * then says that the slip was handed over.
 */

import { Bridge } from "../bridge.js";
import { newKey, send } from "../post.js";

const SLIP_WITHIN = 8_000;
const SPOOLED_WITHIN = 60_000; // then the number of somebody who has left is nowhere on this device
const ANYBODYS = { printer: "browser", paper: 80, bridge: "" };
const FOR_PEOPLE = { cover_open: "gone" };

let frame = null;

/** How this device is set up; a greeter's browser prints as browsers do. */
export function setUp() {
  return JSON.parse(document.getElementById("device")?.textContent ?? "null") ?? ANYBODYS;
}

/** Print the slips of these tickets; with `companion` a second one of each for whoever comes along. */
export async function printSlip(ticketIds, visit, { companion = false, job = newKey() } = {}) {
  const { printer, paper, bridge } = setUp();
  const { token } = visit.visit ?? visit;
  const copies = ticketIds.flatMap((id) => (companion ? [false, true] : [false]).map((each) => ({ id, companion: each })));
  if (printer === "none" || !copies.length) return { outcome: "none" };
  if (printer === "escpos") return printEach(new Bridge(bridge), copies, { token, paper, job });
  const query = new URLSearchParams([["paper", paper], ...ticketIds.map((id) => ["ticket", id])]);
  if (companion) query.set("companion", "1");
  const outcome = await printPage(`/v/${token}/slip?${query}`);
  for (const copy of copies) report(copy, outcome);
  return { outcome };
}

/** Print something of the hall's own, to try the printer. */
export async function printSample(job) {
  const { printer, paper, bridge } = setUp();
  const address = `/${document.documentElement.dataset.hall}/slip`;
  if (printer === "none") return "none";
  if (printer === "browser") return printPage(`${address}?paper=${paper}`);
  return printBytes(new Bridge(bridge), `${address}/receipt?paper=${paper}`, job);
}

// --- By the bridge -------------------------------------------------------------------------------

/** Once a printer has stopped, the slips behind it are not tried. */
async function printEach(bridge, copies, { token, paper, job }) {
  let outcome = "printed";
  for (const [place, copy] of copies.entries()) {
    const address = `/v/${token}/slip/${copy.id}?paper=${paper}${copy.companion ? "&companion=1" : ""}`;
    if (outcome === "printed") outcome = await printBytes(bridge, address, `${job}-${place}`);
    report(copy, outcome);
  }
  return { outcome: FOR_PEOPLE[outcome] ?? outcome };
}

async function printBytes(bridge, address, job) {
  try {
    const answer = await fetch(address, { cache: "no-store", signal: AbortSignal.timeout(SLIP_WITHIN) });
    return answer.ok ? await bridge.print(await answer.arrayBuffer(), job) : "gone";
  } catch {
    return "gone";
  }
}

// --- By the browser ------------------------------------------------------------------------------

async function printPage(address) {
  frame?.remove();
  frame = document.createElement("iframe");
  frame.className = "unseen";
  frame.tabIndex = -1;
  frame.setAttribute("aria-hidden", "true");
  frame.src = address;
  document.body.append(frame);
  if (!(await isReady(frame))) return "gone";
  frame.contentWindow.print();
  setTimeout((printed) => printed.remove(), SPOOLED_WITHIN, frame);
  return "printed";
}

/** The page of a slip says itself when pictures and paper are ready. */
async function isReady({ contentWindow }) {
  const giveUpAt = performance.now() + SLIP_WITHIN;
  while (performance.now() < giveUpAt) {
    const { dataset } = contentWindow?.document.documentElement ?? {};
    if (dataset && "paper" in dataset && "ready" in dataset) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

// --- What came of it -----------------------------------------------------------------------------

/** The hall counts slips and tells its staff; nobody in front of the kiosk waits for that. */
function report({ id, companion }, outcome) {
  const { hall } = document.documentElement.dataset;
  const body = { outcome, is_companion: companion };
  send(`/api/v1/halls/${hall}/tickets/${id}/slips`, body).catch(() => {});
}
