/* How are the lobby screens now? Asked again every few seconds, so that a check is seen to come in. */

const LOOK_EVERY = 2_500;
const page = document.querySelector("[data-state]");

async function look() {
  try {
    const answer = await fetch(page.dataset.state, { cache: "no-store", redirect: "error" });
    if (answer.ok) (await answer.json()).screens.forEach(draw);
  } catch {
    // What stands there was true; the next look says more.
  }
  setTimeout(look, LOOK_EVERY);
}

function draw(state) {
  const row = page.querySelector(`[data-screen="${Number(state.id)}"]`);
  if (!row) return;
  row.dataset.outcome = state.outcome;
  for (const node of row.querySelectorAll("[data-part]")) {
    const text = state[node.dataset.part];
    if (node.textContent !== text) node.textContent = text;
  }
}

setTimeout(look, LOOK_EVERY);
