/* Which look does this visitor want? High contrast and larger text, remembered in a cookie. */

const YEAR = 365 * 24 * 60 * 60;

export function setAppearance(name, value, { remember = true } = {}) {
  const root = document.documentElement;
  if (value) root.setAttribute(`data-${name}`, value);
  else root.removeAttribute(`data-${name}`);
  if (remember) document.cookie = `${name}=${value}; path=/; max-age=${value ? YEAR : 0}; samesite=lax`;
  for (const button of document.querySelectorAll(`[data-appearance="${name}"]`)) {
    button.setAttribute("aria-pressed", String(button.dataset.value === value));
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-appearance]");
  if (!button) return;
  const isOn = button.getAttribute("aria-pressed") === "true";
  setAppearance(button.dataset.appearance, isOn ? "" : button.dataset.value);
});
