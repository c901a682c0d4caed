/* What does the board say about a queue or an agency? */

const RANK = ["open", "incident", "paused", "closed"];

export function queueOn(board, code) {
  return board?.queues.find((queue) => queue.code === code) ?? null;
}

/** A queue whose system is down is paused for a reason of its own. */
export function statusOf(queue) {
  return queue.status === "paused" && queue.incident_since ? "incident" : queue.status;
}

/** The state of an agency as one: the best of its queues, and all who wait there. */
export function agencyOn(board, code) {
  const queues = board?.queues.filter((queue) => queue.agency === code) ?? [];
  if (!queues.length) return null;
  const ranks = queues.map((queue) => RANK.indexOf(statusOf(queue)));
  return {
    status: RANK[Math.min(...ranks)],
    waiting: queues.reduce((sum, queue) => sum + queue.waiting, 0),
  };
}

export function countersOf(board, agency) {
  const counters = board?.counters.filter((counter) => counter.agency === agency) ?? [];
  return counters.map(({ number }) => number);
}
