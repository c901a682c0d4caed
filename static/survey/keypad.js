/* A number typed by touch: a letter of the hall's queues first, then its digits. */

const LABEL = /^([A-Z]{0,2})-?(\d{0,4})$/;

export function keypad(node, field) {
  if (!node || !field) return;
  node.hidden = false;
  field.inputMode = "none"; // the machine's own keyboard stays away
  // A touched key must not take the focus from the field.
  node.addEventListener("pointerdown", (event) => event.preventDefault());
  node.addEventListener("click", (event) => {
    const key = event.target.closest("[data-key]")?.dataset.key;
    if (key) field.value = typed(field.value.toUpperCase(), key);
  });
}

export function typed(label, key) {
  const [, letters, digits] = LABEL.exec(label) ?? ["", "", ""];
  if (key === "clear") return "";
  if (key === "back") return written(digits ? letters : "", digits.slice(0, -1));
  if (/\d/.test(key)) return written(letters, (digits + key).slice(0, 4));
  return written(key, digits);
}

function written(letters, digits) {
  return letters ? `${letters}-${digits}` : digits;
}
