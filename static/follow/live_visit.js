/* What has become of this visit, and may it still be believed? As a board, but for one phone alone. */

import { LiveBoard } from "../live.js";

const PATIENCE_WHEN_POLLED = 24_000;

export class LiveVisit extends LiveBoard {
  constructor(token) {
    const path = `/api/v1/visits/${token}`;
    super(document.documentElement.dataset.hall, { spread: 10_000, socketPath: `/ws/v/${token}`, path });
  }

  /** A beat says that nothing of ours has changed, whatever the hall's version is by now. */
  missed({ epoch }) {
    return !this.board || this.isRemembered || epoch !== this.board.epoch;
  }

  /** Until the hall says otherwise, its clock is that of the page it has painted. */
  recall(painted) {
    this.offset = new Date(painted.at) - Date.now();
    super.recall(painted);
  }

  /** Where no socket comes through, what was asked for every 15 s is as good. */
  async poll() {
    const before = this.truthAt;
    await super.poll();
    this.isPolled = this.truthAt !== before;
    if (this.isPolled) this.believe();
  }

  get patience() {
    return this.isPolled && !this.isConnected ? PATIENCE_WHEN_POLLED : super.patience;
  }

  /** The page itself is what we remember: other visits of this phone are nobody's business. */
  remember() {}

  remembered() {
    return null;
  }

  get isOfAnotherDay() {
    return false;
  }
}
