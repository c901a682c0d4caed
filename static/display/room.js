/* How is this screen drawn in its room? As it was set up; and never quite still, for it would burn in. */

const STEPS = [[0, 0], [1, 0], [1, 1], [0, 1], [-1, 1], [-1, 0], [-1, -1], [0, -1], [1, -1]];
const EACH = 3 * 60_000;
const PER_HEIGHT_OF_ONE = "37.9"; // above one counter, before it is measured
const FAR = 0.3; // of the unit: less than the empty edge around everything

const root = document.documentElement;

/** Take on what the server says of this screen; without a set-up the stylesheet's own figures stay. */
export function arrange({ device, colour, counter }) {
  measureCapitals();
  if (colour) root.style.setProperty("--primary-strong", colour);
  root.toggleAttribute("data-one", Boolean(counter));
  if (device?.layout) divide(device.layout);
  else usual(counter);
}

/** A name that would be cut gives way to the short one; called when everything beside it stands. */
export function nameTheHall() {
  const name = document.querySelector("h1");
  root.toggleAttribute("data-cut", false);
  root.toggleAttribute("data-cut", name.scrollWidth > name.clientWidth);
}

function divide(layout) {
  for (const name of ["rows", "ratio", "chips", "tiles"]) root.style.setProperty(`--${name}`, layout[name]);
  root.style.setProperty("--chips-ranged", Math.max(1, layout.chips - 1));
  root.style.setProperty("--per-height", layout.per_height);
  root.toggleAttribute("data-roomy", layout.is_roomy);
  root.toggleAttribute("data-tall", layout.is_tall);
}

function usual(counter) {
  if (counter) root.style.setProperty("--per-height", PER_HEIGHT_OF_ONE);
  root.toggleAttribute("data-roomy", !counter);
  root.toggleAttribute("data-tall", !counter);
}

/** Tell the stylesheet how high the capitals of this screen's font are: all sizes follow from them. */
function measureCapitals() {
  const pen = document.createElement("canvas").getContext("2d");
  const family = getComputedStyle(document.body).fontFamily;
  const heights = ["400", "800"].flatMap((weight) => {
    pen.font = `${weight} 200px ${family}`;
    return ["H", "0"].map((letter) => pen.measureText(letter).actualBoundingBoxAscent / 200);
  });
  const least = Math.min(...heights);
  if (least > 0.5 && least < 0.9) root.style.setProperty("--cap", least.toFixed(3));
}

/** Make a number so much smaller that it does not leave its panel. */
export function fit(number) {
  number.style.setProperty("--fit", 1);
  const share = (number.parentElement.clientWidth * 0.97) / number.scrollWidth;
  if (share < 1) number.style.setProperty("--fit", share.toFixed(3));
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
