/* How does a page reach the printer beside it? By the bridge, a program of the same machine.
 *
 * A job keeps its key over retries, and the bridge prints no key twice (docs/printing.md).
 */

const PATIENCE = 12_000;
const ATTEMPT = 11_000; // the bridge itself answers sooner, whatever the printer does
const LOOK = 4_000;
const PAUSE = 500;
const REFUSALS = 3; // a bridge that is being started again is back by then

export class Bridge {
  constructor(address) {
    this.address = address;
  }

  /** How the printer is, in the words of the bridge; empty while it prints and cannot say. */
  async state() {
    try {
      const answer = await fetch(`${this.address}/status`, { signal: AbortSignal.timeout(LOOK) });
      const { state } = await answer.json();
      return state === "busy" ? "" : state;
    } catch (error) {
      return silence(error);
    }
  }

  /** Print these bytes once, and say what came of it. */
  async print(bytes, job) {
    const giveUpAt = performance.now() + PATIENCE;
    for (let refused = 0; ; ) {
      const outcome = await this.#attempt(bytes, job);
      if (outcome === "gone-bridge") refused += 1;
      else if (outcome !== "busy") return outcome;
      if (refused === REFUSALS) return "gone";
      if (performance.now() + PAUSE > giveUpAt) return "unknown";
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }

  async #attempt(bytes, job) {
    try {
      const answer = await fetch(`${this.address}/jobs/${job}`, {
        method: "POST",
        body: bytes,
        headers: { "Content-Type": "application/octet-stream" },
        signal: AbortSignal.timeout(ATTEMPT),
      });
      return (await answer.json()).outcome ?? "gone";
    } catch (error) {
      return silence(error) === "unknown" ? "unknown" : "gone-bridge";
    }
  }
}

/** A bridge that is there but slow has a printer that hangs; else nobody is there. */
function silence(error) {
  return error.name === "TimeoutError" ? "unknown" : "gone";
}
