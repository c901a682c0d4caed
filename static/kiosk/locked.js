/* This kiosk rests: the hall has locked it, and says where to go instead. */

import { fromTemplate, Screen } from "./screen.js";

export class LockedScreen extends Screen {
  constructor(kiosk) {
    super(kiosk, fromTemplate("locked"));
  }
}
