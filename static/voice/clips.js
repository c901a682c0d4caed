/* Which clips can be played? Those of a language's manifest, fetched and decoded once. */

const AT_ONCE = 4;
const ANSWER = 10_000;

export class Clips {
  constructor(context, manifest, complain) {
    Object.assign(this, { context, manifest, complain });
    this.grammar = null;
    this.agencies = {};
    this.decoded = new Map(); // by address: a clip that was recorded anew has a new one
    this.addresses = new Map();
    this.hasLooked = false;
  }

  /** Not before every clip was asked for once: half a number would be another number. */
  get isReady() {
    return this.hasLooked && [...this.addresses.values()].some((url) => this.decoded.has(url));
  }

  has(name) {
    return this.decoded.has(this.addresses.get(name));
  }

  get(name) {
    return this.decoded.get(this.addresses.get(name));
  }

  /** Fetch what is new. What cannot be had is told; the next time it is tried again. */
  async refresh() {
    const told = await this.told().catch(() => null);
    if (!told) return;
    const { grammar, agencies, clips } = told;
    Object.assign(this, { grammar, agencies });
    this.addresses = new Map(Object.entries(clips).map(([name, { url }]) => [name, url]));
    const wanted = [...this.addresses].filter(([name]) => !this.has(name));
    await Promise.all(Array.from({ length: AT_ONCE }, () => this.fetchSome(wanted)));
    this.forgetOthers();
    this.hasLooked = true;
  }

  async told() {
    const response = await ask(this.manifest);
    return response.ok ? response.json() : null;
  }

  async fetchSome(wanted) {
    while (wanted.length) {
      const [name, url] = wanted.shift();
      try {
        const response = await ask(url);
        if (!response.ok) throw new Error(response.status);
        this.decoded.set(url, await this.context.decodeAudioData(await response.arrayBuffer()));
      } catch (error) {
        this.complain(name, error);
      }
    }
  }

  forgetOthers() {
    const used = new Set(this.addresses.values());
    for (const url of [...this.decoded.keys()].filter((each) => !used.has(each))) this.decoded.delete(url);
  }
}

const ask = (url) => fetch(url, { signal: AbortSignal.timeout(ANSWER) });
