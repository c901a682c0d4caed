/* A kiosk has no keyboard: this one types into a field. A real one works beside it. */

const ROWS = ["1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"];

export class Keyboard {
  constructor(node, field) {
    this.field = field;
    node.replaceChildren(...ROWS.map(rowOf));
    node.lastElementChild.append(keyOf("Backspace", gettext("Hapus huruf"), "icon-erase"));
    const space = document.createElement("div");
    space.className = "row";
    space.append(keyOf(" ", gettext("Spasi")));
    node.append(space);
    // A touched key must not take the focus, or the cursor would leave the field.
    node.addEventListener("pointerdown", (event) => event.preventDefault());
    node.addEventListener("click", (event) => this.press(event.target.closest("button")?.dataset.key));
  }

  press(key) {
    if (!key) return;
    const { field } = this;
    const [from, to] = [field.selectionStart, field.selectionEnd];
    if (key !== "Backspace") {
      if (field.value.length < field.maxLength) field.setRangeText(key, from, to, "end");
    } else {
      field.setRangeText("", from === to ? Math.max(0, from - 1) : from, to, "end");
    }
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function rowOf(letters) {
  const row = document.createElement("div");
  row.className = "row";
  row.append(...[...letters].map((letter) => keyOf(letter, letter)));
  return row;
}

function keyOf(key, label, icon) {
  const button = document.createElement("button");
  button.type = "button";
  button.dataset.key = key;
  if (icon) {
    button.setAttribute("aria-label", label);
    button.append(iconOf(icon));
  } else {
    button.textContent = label;
  }
  return button;
}

function iconOf(id) {
  const namespace = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(namespace, "svg");
  const use = document.createElementNS(namespace, "use");
  use.setAttribute("href", `#${id}`);
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  svg.append(use);
  return svg;
}
