/* Who may go first? Groups by icons; "no" is chosen already and costs no touch.
 *
 * Where the screen is too small for the icons, one button shows the choice and opens them over the
 * screen; the stylesheet decides.
 */

export class Priority {
  constructor(node) {
    this.node = node;
    this.opener = node.querySelector('[data-part="prioritise"]');
    this.opener.addEventListener("click", () => this.open(!this.isOpen));
    this.groups = node.querySelector('[data-part="groups"]');
    this.groups.addEventListener("change", () => this.draw());
    // A touch decides; the arrow keys, which also "click", only wander through the groups.
    this.groups.addEventListener("click", ({ detail }) => detail && this.open(false));
  }

  get isOpen() {
    return "unfolded" in this.node.dataset;
  }

  get code() {
    return this.node.querySelector(":checked")?.value || null;
  }

  choose(code) {
    for (const radio of this.node.querySelectorAll("[name=priority]")) radio.checked = radio.value === code;
    this.open(false);
    this.draw();
  }

  open(isOpen) {
    this.node.toggleAttribute("data-unfolded", isOpen);
    this.opener.setAttribute("aria-expanded", String(isOpen));
  }

  draw() {
    const words = this.node.querySelector(":checked")?.parentNode.textContent.trim() ?? "";
    this.node.querySelector('[data-part="chosen"]').textContent = words;
  }
}
