/* What has happened? A child was born, a wallet is lost: events that need several services at once. */

import { fromTemplate, Screen } from "./screen.js";

export class EventsScreen extends Screen {
  constructor(kiosk) {
    super(kiosk, fromTemplate("events"));
  }
}
