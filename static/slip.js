/* How long is the paper? As long as the longest slip; then the page is ready to be printed. */

const PER_MM = 96 / 25.4;

/** Each slip is a page of its own; the printer cuts where a page ends. */
function setPaper() {
  const slips = [...document.querySelectorAll(".slip")];
  const longest = Math.max(...slips.map((slip) => slip.getBoundingClientRect().height));
  const width = document.documentElement.dataset.paper;
  const [sheet] = document.styleSheets;
  sheet.insertRule(`@page { size: ${width}mm ${Math.ceil(longest / PER_MM) + 1}mm; margin: 0; }`, 0);
}

async function start() {
  await Promise.all([...document.images].map((image) => image.decode().catch(() => {})));
  await document.fonts.ready;
  setPaper();
  document.documentElement.dataset.ready = "";
}

start();
