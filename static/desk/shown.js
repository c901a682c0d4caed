/* Did the lobby hear of the call? The screens tell the hall; the desk asks after 1 s and after 3 s. */

import { part } from "./part.js";

const LOOKS = [1_000, 3_200];
const PATIENCE = 3_000;

let followed = "";

/** A new call is followed, whoever pressed it. */
export function followCall({ current, shown, at }, refresh) {
  drawShown({ current, shown, at });
  const name = current?.state === "called" ? `${current.id} ${current.last_call_at}` : "";
  if (name === followed) return;
  followed = name;
  if (!shown?.of) return;
  for (const pause of LOOKS) setTimeout(() => name === followed && refresh(), pause);
}

function drawShown({ current, shown, at }) {
  const isKnown = Boolean(shown?.of);
  const isLate = isKnown && !shown.screens && new Date(at) - new Date(current.last_call_at) >= PATIENCE;
  part.shown.hidden = !isKnown || !shown.screens;
  part.shown.className = `tag ${shown?.spoken === false ? "warn" : "good"}`;
  part.shown.textContent = isKnown && shown.screens ? whatIsKnown(shown) : "";
  part.unshown.hidden = !isLate;
  part.unshown.textContent = isLate
    ? interpolate(gettext("Belum ada layar lobi yang menampilkan %s. Panggil juga dengan suara Anda, lalu beri tahu pengelola MPP."), [current.label])
    : "";
}

function whatIsKnown({ spoken }) {
  if (spoken === null) return gettext("Tampil di layar lobi");
  return spoken ? gettext("Tampil dan terdengar di lobi") : gettext("Tampil di layar lobi, tanpa suara");
}
