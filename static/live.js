/* What is showing now, and may it still be believed?
 *
 *   const live = new LiveBoard("payakumbuh");
 *   live.addEventListener("board", () => draw(live.board));
 *   live.addEventListener("stale", () => warn(live.age));     // again every second while stale
 *   live.addEventListener("fresh", () => stopWarning());
 *   live.addEventListener("another-day", () => sayClosed());  // all we remember is an earlier day
 *   live.addEventListener("turned-away", () => location.reload());  // the sign-in or device ended
 *   live.addEventListener("forgotten", () => location.reload());    // what is watched is no more
 *   live.start();                                             // or with the board of the page
 *
 * The socket brings whole boards and beats. Within one epoch the version never falls; a beat that
 * is ahead of us means that we missed something, and the board is asked for. Silence is told, never
 * hidden: after 12 s without a frame, or 8 s when the link is known to be cut, the board is stale.
 */

import { dateIn, zoneOf } from "./clock.js";

const SILENCE = 12_000;
const SILENCE_WHEN_CUT = 8_000;
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 10_000;
const POLL = 15_000;
const ANSWER = 8_000;
const TICK = 1_000;
const TURNED_AWAY = 4403;
const FORGOTTEN = 4404;

export class LiveBoard extends EventTarget {
  /** `spread`: over how many milliseconds all screens of this kind come back after a cut. */
  constructor(hall, { spread = 5_000, socketPath = `/ws/${hall}/board`, path = `/api/v1/halls/${hall}/board` } = {}) {
    super();
    Object.assign(this, { hall, spread, socketPath, path });
    this.board = null;
    this.isStale = false;
    this.isRemembered = false;
    this.offset = 0;
    this.heardAt = performance.now();
    this.truthAt = null;
    this.polledAt = performance.now();
    this.attempt = 0;
    this.socket = null;
  }

  start(painted = null) {
    this.recall(painted);
    this.connect();
    setInterval(() => this.tick(), TICK);
    for (const [target, name] of [[document, "visibilitychange"], [window, "online"], [window, "pageshow"]]) {
      target.addEventListener(name, () => this.wake());
    }
  }

  /** The server's clock as a Date. */
  now() {
    return new Date(Date.now() + this.offset);
  }

  /** Seconds since the board was last known to be true. */
  get age() {
    return this.truthAt === null ? null : Math.max(0, (this.now() - this.truthAt) / 1000);
  }

  get isConnected() {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  /** Whether the board is of another day than the hall's clock shows. */
  get isOfAnotherDay() {
    return this.board !== null && this.board.date !== dateIn(zoneOf(this.board.at), this.now());
  }

  // --- The socket --------------------------------------------------------------------------------

  connect() {
    clearTimeout(this.reconnecting);
    this.reconnecting = null;
    this.drop();
    const socket = new WebSocket(location.origin.replace(/^http/, "ws") + this.socketPath);
    this.socket = socket;
    this.connectedAt = performance.now();
    socket.onmessage = ({ data }) => this.socket === socket && this.hear(JSON.parse(data));
    socket.onclose = ({ code }) => this.socket === socket && this.closed(code);
  }

  /** Let go of a socket without waiting for a goodbye that may never come. */
  drop() {
    const socket = this.socket;
    this.socket = null;
    if (!socket) return;
    socket.onmessage = socket.onclose = null;
    socket.close();
  }

  /** The hall may also end it: whoever we were, we are that no more. */
  closed(code) {
    if (code === TURNED_AWAY) this.tell("turned-away");
    if (code === FORGOTTEN) this.tell("forgotten");
    this.reconnectLater();
  }

  reconnectLater() {
    this.drop();
    const pause = pauseBefore(this.attempt, this.spread);
    this.attempt += 1;
    if (this.attempt === 1) this.polledAt = performance.now() - (Math.random() * POLL) / 2;
    this.reconnecting = setTimeout(() => this.connect(), pause);
  }

  hear(frame) {
    this.attempt = 0;
    if (frame.type !== "beat") this.take(frame);
    else if (this.missed(frame)) return this.poll();
    else this.confirm(frame.at);
    return this.believe();
  }

  missed({ epoch, version }) {
    return !this.board || this.isRemembered || epoch !== this.board.epoch || version > this.board.version;
  }

  // --- The board ---------------------------------------------------------------------------------

  take(board) {
    const mine = this.board;
    if (mine && board.epoch === mine.epoch && !isNewer(board, mine)) return;
    this.board = board;
    this.isRemembered = false;
    this.confirm(board.at);
    this.remember(board);
    this.tell("board");
  }

  remember(board) {
    remember(this.hall, board);
  }

  remembered() {
    return remembered(this.hall);
  }

  believe() {
    this.heardAt = performance.now();
    this.setStale(false);
  }

  confirm(at) {
    this.truthAt = new Date(at);
    this.offset = this.truthAt - Date.now();
  }

  /** Begin with the newest board of this screen: without a server the page itself may be an old one. */
  recall(painted) {
    const boards = [painted, this.remembered()].filter(Boolean);
    if (!boards.length) return;
    this.board = boards.reduce((one, other) => (new Date(other.at) > new Date(one.at) ? other : one));
    const { board } = this;
    this.isRemembered = true;
    this.truthAt = new Date(board.at);
    this.tell(this.isOfAnotherDay ? "another-day" : "board");
  }

  async poll() {
    if (this.isPolling) return;
    this.isPolling = true;
    this.polledAt = performance.now();
    try {
      const board = await get(this.path, () => this.tell("forgotten"));
      if (board) this.take(board);
      if (board && this.isConnected) this.believe();
    } finally {
      this.isPolling = false;
    }
  }

  // --- The passing of time -----------------------------------------------------------------------

  tick() {
    const now = performance.now();
    const silence = now - this.heardAt;
    const isCut = !this.isConnected;
    if (silence > this.patience) this.setStale(true);
    if (this.socket && silence > SILENCE && now - this.connectedAt > SILENCE) this.reconnectLater();
    const isBehind = isCut || this.isStale || this.isOfAnotherDay;
    if (isBehind && now - this.polledAt > POLL) this.poll();
  }

  /** How long silence is believed; what is only remembered was never confirmed. */
  get patience() {
    if (this.isConnected) return SILENCE;
    return this.isRemembered && this.attempt ? 0 : SILENCE_WHEN_CUT;
  }

  /** Back from sleep, or from another tab: do not wait for the next try. */
  wake() {
    const isSilent = performance.now() - this.heardAt > SILENCE;
    if (document.visibilityState === "visible" && (this.reconnecting || isSilent)) this.connect();
  }

  setStale(isStale) {
    const isNews = isStale !== this.isStale;
    this.isStale = isStale;
    if (isStale || isNews) this.tell(isStale ? "stale" : "fresh");
  }

  tell(name) {
    this.dispatchEvent(new Event(name));
  }
}

/** Everybody is cut off at the same instant; nobody comes back at the same instant. */
export function pauseBefore(attempt, spread) {
  const longest = Math.min(LONGEST_PAUSE, spread * 2 ** attempt);
  return FIRST_PAUSE + Math.random() * (longest - FIRST_PAUSE);
}

function isNewer(board, mine) {
  if (board.version !== mine.version) return board.version > mine.version;
  return new Date(board.at) >= new Date(mine.at);
}

async function get(url, onMissing) {
  const clock = new AbortController();
  const timer = setTimeout(() => clock.abort(), ANSWER);
  try {
    const response = await fetch(url, { cache: "no-store", signal: clock.signal });
    if (response.status === 404) onMissing();
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

// --- Memory --------------------------------------------------------------------------------------

function remember(hall, board) {
  try {
    localStorage.setItem(`board:${hall}`, JSON.stringify(board));
  } catch {
    // A full or forbidden store only means that a restart begins empty.
  }
}

function remembered(hall) {
  try {
    return JSON.parse(localStorage.getItem(`board:${hall}`));
  } catch {
    return null;
  }
}
