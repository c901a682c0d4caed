/* One question at a time. A touched answer leads on; by keyboard one goes on when one wants to. */

const SEEN = 350; // long enough to see what was chosen

export function steps(form, ways) {
  if (!form) return;
  const pages = [...form.querySelectorAll("[data-step]")];
  const send = form.querySelector("[data-part=send]");
  form.append(ways.content.cloneNode(true));
  const way = (name) => form.querySelector(`[data-way=${name}]`);
  const progress = form.querySelector("[data-part=progress]");
  let place = Math.max(0, pages.findIndex((page) => page.classList.contains("missing")));

  function show() {
    for (const [number, page] of pages.entries()) page.hidden = number !== place;
    const isLast = place === pages.length - 1;
    send.hidden = !isLast;
    way("on").hidden = isLast;
    way("back").disabled = place === 0;
    way("on").setAttribute("aria-disabled", String(!isAnswered()));
    progress.max = pages.length;
    progress.value = place + 1;
  }

  function isAnswered() {
    const radios = pages[place].querySelectorAll("[required]");
    return !radios.length || [...radios].some((radio) => radio.checked);
  }

  function go(by) {
    if (by > 0 && !isAnswered()) return;
    place = Math.min(Math.max(0, place + by), pages.length - 1);
    show();
    pages[place].focus();
  }

  way("back").addEventListener("click", () => go(-1));
  way("on").addEventListener("click", () => go(1));
  form.addEventListener("change", show);
  form.addEventListener("click", (event) => {
    const isTouched = event.detail > 0 && event.target.matches("[data-step] [required]");
    const here = place;
    if (isTouched) setTimeout(() => place === here && go(1), SEEN);
  });
  show();
}
