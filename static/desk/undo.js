/* What was pressed by mistake? For ten seconds it can be taken back. */

import { part } from "./part.js";
import { secondsTo } from "./words.js";

const PRESSED = {
  done: () => gettext("%s ditandai selesai."),
  no_show: () => gettext("%s ditandai tidak hadir."),
  transferred: () => gettext("%s dialihkan."),
};

/** Whoever was called meanwhile goes back in line; whoever has come, or was called twice, stays. */
export function tickUndo({ state, live }) {
  const { undo, current } = state;
  const hasCome = current && (current.state === "serving" || current.calls > 1);
  const left = undo && !hasCome ? secondsTo(undo.until, live.now()) : 0;
  const isOver = left === 0 || !PRESSED[undo.state];
  part["undo-bar"].hidden = isOver;
  if (isOver) return;
  const words = interpolate(PRESSED[undo.state](), [undo.label]);
  if (part["undo-words"].textContent !== words) part["undo-words"].textContent = words;
  part["undo-wait"].textContent = interpolate(gettext("%s dtk"), [left]);
}

export const canUndo = () => !part["undo-bar"].hidden;
