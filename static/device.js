/* How is the kiosk now? Asked again every few seconds, so that a test slip is seen to come out. */

const LOOK_EVERY = 2_500;
const page = document.querySelector("[data-state]");

async function look() {
  try {
    const answer = await fetch(page.dataset.state, { cache: "no-store", redirect: "error" });
    if (answer.ok) draw(await answer.json());
  } catch {
    // What stands there was true; the next look says more.
  }
  setTimeout(look, LOOK_EVERY);
}

function draw(state) {
  for (const node of page.querySelectorAll("[data-part]")) {
    const text = String(state[node.dataset.part] || (node.dataset.part === "test" ? "-" : "0"));
    if (node.textContent !== text) node.textContent = text;
  }
  page.querySelector("[data-part=printer]").classList.toggle("trouble", state.is_in_trouble);
}

setTimeout(look, LOOK_EVERY);
