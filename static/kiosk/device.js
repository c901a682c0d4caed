/* What is this kiosk? How large its screen is, how high one can reach, and what hangs on it. */

const USUAL = { diagonal: 21.5, reach: "normal", printer: "none", locked: false };

/** Read the device's settings from the page, and let the stylesheet know the size of a millimetre. */
export function readDevice() {
  const told = document.getElementById("device")?.textContent;
  const device = { ...USUAL, ...(told ? JSON.parse(told) : {}) };
  const root = document.documentElement;
  root.style.setProperty("--diagonal", device.diagonal || USUAL.diagonal);
  root.dataset.reach = device.reach;
  return device;
}
