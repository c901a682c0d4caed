/* May the hall tell this phone also when the page is shut? Only where hall, browser and person wish. */

import { send } from "../post.js";

const WORKER = "/phone.js";

export class Push {
  constructor(token, key) {
    Object.assign(this, { key, scope: `/v/${token}`, address: `/api/v1/visits/${token}/push` });
  }

  get isPossible() {
    return Boolean(this.key && navigator.serviceWorker && window.PushManager && window.Notification);
  }

  /** Return whether the hall now tells this phone. */
  async begin() {
    if (!this.isPossible || (await Notification.requestPermission()) !== "granted") return false;
    try {
      const worker = await navigator.serviceWorker.register(trusted(WORKER), { scope: this.scope });
      await activeOne(worker);
      const options = { userVisibleOnly: true, applicationServerKey: this.key };
      const { endpoint, keys } = (await worker.pushManager.subscribe(options)).toJSON();
      return (await send(this.address, { endpoint, keys })).on;
    } catch {
      return false; // the page itself tells as before
    }
  }

  async end() {
    if (!this.isPossible) return;
    const worker = await navigator.serviceWorker.getRegistration(this.scope);
    const subscription = await worker?.pushManager.getSubscription();
    if (!subscription) return;
    await send(`${this.address}/stop`, { endpoint: subscription.endpoint });
    await subscription.unsubscribe();
  }
}

function activeOne(worker) {
  const coming = worker.installing ?? worker.waiting;
  if (worker.active || !coming) return worker;
  return new Promise((resolve) => coming.addEventListener("statechange", () => worker.active && resolve(worker)));
}

function trusted(address) {
  const rules = { createScriptURL: () => address };
  return window.trustedTypes ? trustedTypes.createPolicy("own-worker", rules).createScriptURL("") : address;
}
