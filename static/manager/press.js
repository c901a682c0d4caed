/* How does a press of this page reach the hall? One at a time; what is refused is said in its words. */

import { newKey, send } from "../post.js";
import { root, tell } from "./part.js";

const api = `/api/v1/halls/${root.dataset.hall}`;

/** Press, and say what came of it; true when the hall has done it. */
export async function press(path, body, { button, refusal }) {
  if (button.getAttribute("aria-busy") === "true") return false;
  button.setAttribute("aria-busy", "true");
  tell(refusal, "");
  try {
    await send(`${api}/${path}`, body, { key: newKey() });
    return true;
  } catch (error) {
    if (error.status === 401) location.reload();
    tell(refusal, error.message);
    return false;
  } finally {
    button.setAttribute("aria-busy", "false");
  }
}
