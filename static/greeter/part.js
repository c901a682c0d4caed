/* The named parts of the reception's page, and how words come into them. */

export const part = Object.fromEntries([...document.querySelectorAll("[id]")].map((each) => [each.id, each]));

export const about = JSON.parse(part.about.textContent);

/** Write a sentence where there is one; an empty place is not shown. */
export function tell(name, words) {
  part[name].textContent = words;
  part[name].hidden = !words;
}

/** Do one press at a time; what the hall refuses is said in its own words. */
export async function press(button, refusal, act) {
  if (button.getAttribute("aria-busy") === "true") return;
  button.setAttribute("aria-busy", "true");
  tell(refusal, "");
  try {
    await act();
  } catch (error) {
    if (error.status === 401) location.reload();
    const lost = gettext("Server belum menjawab. Tekan sekali lagi; itu tidak terhitung dua kali.");
    tell(refusal, error.isUnknown ? lost : error.message);
  } finally {
    button.setAttribute("aria-busy", "false");
  }
}

/** Show the choice, the number that was given, or the one that was found; on a phone it comes up. */
export function turnTo(name) {
  document.documentElement.toggleAttribute("data-side", true);
  part.side.dataset.showing = name;
  for (const each of ["choice", "given", "found"]) part[each].hidden = each !== name;
}
