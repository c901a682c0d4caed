/* What can one come for? The catalogue in the language of this page, searched by plain words. */

import { calledWhen } from "../estimate.js";
import { searcher } from "../kiosk/search.js";
import { Newest } from "../newest.js";

const ANSWER = 8_000;

export class Offers {
  constructor(data, language) {
    this.language = language;
    this.newest = new Newest();
    this.take(data);
  }

  take({ hall, agencies }) {
    this.hall = hall;
    this.agencies = new Map(agencies.map((row) => [row.code, this.agencyOf(row)]));
    const services = [...this.agencies.values()].flatMap((agency) => agency.services);
    this.services = new Map(services.map((service) => [service.code, service]));
    this.find = searcher(services);
  }

  /** Ask anew what is open and what is left; without an answer nothing changes. */
  async refresh() {
    try {
      const signal = AbortSignal.timeout(ANSWER);
      const asked = this.newest.ask();
      const response = await fetch(`/api/v1/halls/${this.hall}/catalogue`, { cache: "no-store", signal });
      const told = response.ok && (await response.json());
      if (told && this.newest.accepts(asked)) this.take(told);
    } catch {
      // What we know is a little older, and the hall itself has the last word.
    }
  }

  agencyOf(row) {
    const agency = { code: row.code, name: row.short_name };
    const names = `${row.short_name} ${row.name.id} ${row.name.en}`;
    agency.services = row.queues.flatMap(({ code: queue, services }) =>
      services.map((service) => this.serviceOf(service, { queue, agency, agencyNames: names })));
    return agency;
  }

  serviceOf(row, place) {
    return {
      ...place,
      code: row.code,
      name: this.say(row.name),
      other: row.name[this.language === "en" ? "id" : "en"],
      aliases: row.aliases ?? [],
      rank: row.frequent_rank,
      quotaLeft: row.quota_left,
      sentence: row.state === "open" ? "" : this.say(row.sentence ?? {}),
      isOpen: row.open,
    };
  }

  say(words) {
    return words[this.language] || words.id || "";
  }
}

/** Why no number can be given right now; "" when it can. The board is newer than the catalogue. */
export function obstacleOf(service, board) {
  const { status = "open", incident_since: isDown } = queueOf(service, board) ?? {};
  if (status === "paused" && isDown) {
    return interpolate(gettext("Sistem %s sedang gangguan; nomor belum diberikan."), [service.agency.name]);
  }
  if (status === "paused") return gettext("Antrean ini sedang dijeda.");
  if (service.sentence) return service.sentence;
  if (service.quotaLeft === 0) return gettext("Kuota hari ini sudah habis.");
  return status === "open" && service.isOpen ? "" : gettext("Layanan ini sedang tutup.");
}

/** Who waits for a service, in few words. */
export function lineOf(service, board) {
  const queue = queueOf(service, board);
  const words = [service.agency.name];
  if (queue) words.push(interpolate(ngettext("%s menunggu", "%s menunggu", queue.waiting), [queue.waiting]));
  words.push(calledWhen(queue?.estimate));
  if (service.quotaLeft) words.push(interpolate(gettext("sisa kuota %s"), [service.quotaLeft]));
  return words.filter(Boolean).join(" · ");
}

/** What one should know before giving a number. */
export function outlookOf(service, board) {
  const isAlone = queueOf(service, board)?.counters_open === 0;
  return [lineOf(service, board), isAlone && gettext("belum ada loket buka")].filter(Boolean).join(" · ");
}

const queueOf = (service, board) => board?.queues.find(({ code }) => code === service.queue);
