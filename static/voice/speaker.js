/* Who says the calls of a zone? One voice, one call after the other, none cut off.
 *
 *   const speaker = new Speaker(settings, { now, isCalled });
 *   speaker.addEventListener("state", () => badge(speaker.state));  // silent, blocked, broken, ready
 *   speaker.addEventListener("speaking", ({ detail }) => …);        // { call, clips }, as it begins
 *   speaker.addEventListener("spoke", ({ detail }) => …);           // { call, clips }
 *   speaker.addEventListener("skipped", ({ detail }) => …);         // { call, why }
 *   speaker.addEventListener("missing", ({ detail }) => …);         // { language, name }
 *   speaker.start();
 *   speaker.say({ label: "A-012", counter: 3, calls: 1, agency: "A", at });
 *
 * All clips of a call are placed on the sound card's own clock before the first is heard, so there
 * is no gap and no overlap. Nothing on the screen ever waits for any of this.
 */

import { Clips } from "./clips.js";
import { TOO_OLD } from "./news.js";
import { sequence } from "./words.js";

const FEW = 2; // more that wait: only the first language
const MANY = 4; // more that wait: only number and counter
const LEAD = 0.05;
const TICK = 2_000;
const UNRENDERED = 15_000;
const REFRESH = 600_000;

export class Speaker extends EventTarget {
  /** `settings` as the server gives them; `isCalled` tells whether a call still waits for its person. */
  constructor(settings, { now = () => Date.now(), isCalled = () => false } = {}) {
    super();
    Object.assign(this, { settings, now, isCalled });
    this.state = "silent";
    this.line = [];
    this.isSpeaking = this.isPrepared = false;
    this.stood = { at: 0, ticks: 0 };
  }

  async start() {
    if (!globalThis.AudioContext) return this.be("broken");
    this.context = new AudioContext({ latencyHint: "playback" });
    this.output = new GainNode(this.context, { gain: this.settings.volume });
    this.output.connect(this.context.destination);
    this.voices = this.settings.languages.map(({ code, manifest }) => {
      const complain = (name) => this.tell("missing", { language: code, name });
      return Object.assign(new Clips(this.context, manifest, complain), { code });
    });
    this.context.addEventListener("statechange", () => this.judge());
    for (const touch of ["pointerdown", "keydown"]) document.addEventListener(touch, () => this.wake());
    this.wake();
    setInterval(() => this.watch(), TICK);
    return this.refresh();
  }

  /** A browser may keep still until a person touches it. */
  wake() {
    if (this.context.state !== "running") this.context.resume().catch(() => null);
  }

  async refresh() {
    for (const voice of this.voices) await voice.refresh();
    this.isPrepared = true;
    this.judge();
    setTimeout(() => this.refresh(), this.voices[0].isReady ? REFRESH : UNRENDERED);
  }

  // --- Can it be heard? --------------------------------------------------------------------------

  judge() {
    const state = this.judged();
    if (state !== this.state) this.be(state);
  }

  be(state) {
    this.state = state;
    this.tell("state", { state });
  }

  /** Silent until each language was looked for once, so that no call is said in half of them. */
  judged() {
    if (!this.isPrepared || !this.voices[0].isReady) return "silent";
    if (this.context.state !== "running") return "blocked";
    return this.stood.ticks > 1 ? "broken" : "ready";
  }

  /** A sound card that is gone leaves its clock standing still. */
  watch() {
    const at = this.context.currentTime;
    const isStanding = this.context.state === "running" && at === this.stood.at;
    this.stood = { at, ticks: isStanding ? this.stood.ticks + 1 : 0 };
    this.judge();
  }

  // --- The line ----------------------------------------------------------------------------------

  /** A number that is called again while it still waits is said once, as the later call. */
  say(call) {
    if (this.state !== "ready") return this.skip(call, this.state);
    const isOther = ({ label, counter }) => label !== call.label || counter !== call.counter;
    this.line = [...this.line.filter(isOther), call];
    return this.speak();
  }

  /** For the morning check: only the two tones. */
  chime() {
    return this.say({ label: "", counter: 0, isChime: true, at: this.now() });
  }

  /** A new day, or a board that nobody can vouch for: forget who waits to be said. */
  clear() {
    this.line = [];
  }

  async speak() {
    if (this.isSpeaking) return;
    this.isSpeaking = true;
    await null; // calls that came together are all in the line before the first is begun
    while (this.line.length) {
      const call = this.line.shift();
      if (this.isLate(call)) this.skip(call, "late");
      else await this.play(call).catch((error) => this.skip(call, String(error)));
    }
    this.isSpeaking = false;
  }

  isLate(call) {
    return this.now() - new Date(call.at) >= TOO_OLD && !this.isCalled(call);
  }

  /** Return what is said of a call while `waiting` others wait, as pairs of voice and clip. */
  plan(call, waiting) {
    const [first] = this.voices;
    const chime = [[first, "chime"], [first, "."]];
    if (call.isChime) return chime.slice(0, 1);
    if (call.isTest) return [...chime, ...this.test(call).map((name) => [first, name])];
    const voices = waiting > FEW ? [first] : this.voices.filter((voice) => voice.isReady);
    const told = voices.map((voice) => this.told(call, voice, waiting > MANY).map((name) => [voice, name]));
    return [...chime, ...told.flatMap((pairs, i) => (i ? [[first, "."], ...pairs] : pairs))];
  }

  /** For the morning check: first that it is one. */
  test(call) {
    return ["test", ".", ...this.told(call, this.voices[0], true)];
  }

  told(call, voice, isBrief) {
    const agency = this.settings.says_agency ? voice.agencies[call.agency] : "";
    return sequence({ ...call, agency }, voice.grammar, { isWhole: this.settings.is_whole, isBrief });
  }

  // --- The sound card ----------------------------------------------------------------------------

  async play(call) {
    const plan = this.plan(call, this.line.length);
    const begins = this.context.currentTime + LEAD;
    const sources = [];
    const clips = [];
    let at = begins;
    for (const [voice, name] of plan) {
      const seconds = voice.grammar.pauses[name] ?? this.place(voice, name, at, sources);
      if (seconds === null) this.tell("missing", { language: voice.code, name });
      else if (!(name in voice.grammar.pauses)) clips.push({ language: voice.code, name, at: at - begins, seconds });
      at += seconds ?? 0;
    }
    this.tell("speaking", { call, clips });
    const isHeard = await this.until(at);
    if (isHeard) return this.tell("spoke", { call, clips });
    for (const source of sources) source.stop();
    return this.skip(call, this.state);
  }

  /** Place one clip on the clock; return how long it is, or null when it is not there. */
  place(voice, name, at, sources) {
    if (!voice.has(name)) return null;
    const source = new AudioBufferSourceNode(this.context, { buffer: voice.get(name) });
    source.connect(this.output);
    source.start(at);
    sources.push(source);
    return source.buffer.duration;
  }

  /** Wait for a moment of the sound card's clock; false when it will not come. */
  async until(end) {
    while (this.context.currentTime < end && this.state === "ready") {
      const left = (end - this.context.currentTime) * 1000;
      await new Promise((done) => setTimeout(done, Math.min(TICK, left + 5)));
    }
    return this.state === "ready";
  }

  skip(call, why) {
    this.tell("skipped", { call, why });
  }

  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
