/* What does the hall know of this screen? What it has shown, whether it is heard, what it has said. */

import { send } from "../post.js";

export class Reports {
  constructor(hall, { isPaired }) {
    this.address = `/api/v1/halls/${hall}/displays/shown`;
    this.isPaired = isPaired;
    this.isReporting = false;
    this.told = null;
    this.next = null;
    this.spoken = null;
  }

  /** A call was said to its end; a test is none. */
  spoke({ version }) {
    if (version) this.spoken = Math.max(this.spoken ?? 0, version);
  }

  /** Tell it, one report at a time and the newest only; nobody here waits for that. */
  async tell(body) {
    this.next = this.spoken === null ? body : { ...body, spoken: this.spoken };
    if (!this.isPaired || this.isReporting) return;
    this.isReporting = true;
    while (JSON.stringify(this.next) !== this.told) {
      const sent = this.next;
      await send(this.address, sent, { patience: 0 }).catch(() => null);
      this.told = JSON.stringify(sent);
    }
    this.isReporting = false;
  }
}
