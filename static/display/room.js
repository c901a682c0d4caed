/* How is this screen drawn in its room? As it was set up; and never quite still, for it would burn in. */

const STEPS = [[0, 0], [1, 0], [1, 1], [0, 1], [-1, 1], [-1, 0], [-1, -1], [0, -1], [1, -1]];
const EACH = 3 * 60_000;
const FAR = 0.3; // of the unit: less than the empty edge around everything

const root = document.documentElement;

/** Take on what the server says of this screen; without a set-up the stylesheet's own figures stay. */
export function arrange({ device, colour, counter }) {
  const layout = device?.layout;
  if (colour) root.style.setProperty("--primary-strong", colour);
  root.toggleAttribute("data-one", Boolean(counter));
  if (counter && !layout) root.style.setProperty("--per-height", "37.5");
  if (!layout) return usual();
  for (const name of ["rows", "ratio", "chips", "tiles"]) root.style.setProperty(`--${name}`, layout[name]);
  root.style.setProperty("--per-height", layout.per_height);
  root.toggleAttribute("data-roomy", layout.is_roomy);
  return root.toggleAttribute("data-tall", layout.is_tall);
}

function usual() {
  root.toggleAttribute("data-roomy", true);
  root.toggleAttribute("data-tall", true);
}

/** Move the picture by a little every few minutes, round and round. */
export function drift() {
  let step = 0;
  setInterval(() => {
    step = (step + 1) % STEPS.length;
    const [x, y] = STEPS[step].map((each) => `calc(${each * FAR} * 100vh / var(--per-height))`);
    root.style.setProperty("--drift-x", x);
    root.style.setProperty("--drift-y", y);
  }, EACH);
}
