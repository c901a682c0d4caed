/* What can one come for? The catalogue of the API in the language of this page. */

import { Newest } from "../newest.js";
import { searcher } from "./search.js";

const ANSWER = 8_000;

export class Catalogue {
  constructor(data, language) {
    this.language = language;
    this.newest = new Newest();
    this.take(data);
  }

  take({ hall, agencies, life_events: events = [] }) {
    this.hall = hall;
    this.events = new Map(events.map((row) => [row.code, { ...row, name: this.say(row.name) }]));
    this.agencies = new Map(agencies.map((row) => [row.code, this.agencyOf(row)]));
    const services = [...this.agencies.values()].flatMap((agency) => agency.services);
    this.services = new Map(services.map((service) => [service.code, service]));
    this.frequent = services.filter(({ rank }) => rank).sort((a, b) => a.rank - b.rank);
    this.find = searcher(services);
  }

  /** Ask the hall for its catalogue again; a hall that does not answer changes nothing. */
  async refresh() {
    try {
      const signal = AbortSignal.timeout(ANSWER);
      const asked = this.newest.ask();
      const response = await fetch(`/api/v1/halls/${this.hall}/catalogue`, { cache: "no-store", signal });
      const told = response.ok && (await response.json());
      if (told && this.newest.accepts(asked)) this.take(told);
      return response.ok;
    } catch {
      return false;
    }
  }

  agencyOf(row) {
    const agency = {
      code: row.code,
      shortName: row.short_name,
      name: this.say(row.name),
      description: this.say(row.description ?? {}),
      zone: row.zone,
    };
    agency.services = row.queues.flatMap((queue) =>
      queue.services.map((service) => this.serviceOf(service, queue.code, agency, row)));
    return agency;
  }

  serviceOf(row, queue, agency, { name, short_name: shortName }) {
    return {
      code: row.code,
      queue,
      agency,
      name: this.say(row.name),
      other: row.name[this.language === "en" ? "id" : "en"],
      aliases: row.aliases ?? [],
      rank: row.frequent_rank,
      agencyNames: `${shortName} ${name.id} ${name.en}`,
      needs: this.say(row.requirements) ?? [],
      fee: row.fee_idr,
      feeNote: this.say(row.fee_note ?? {}),
      time: this.say(row.processing_time),
      isOpen: row.open,
      quotaLeft: row.quota_left,
      state: row.state,
      sentence: this.say(row.sentence ?? {}),
      opensAt: dateOf(row.opens_at),
      lastIssueAt: dateOf(row.last_issue_at),
    };
  }

  /** What people call a service: its first alias, in Indonesian. */
  everyday(name, aliases) {
    return this.language === "id" && aliases.length ? aliases[0] : name;
  }

  say(words) {
    return words[this.language] || words.id;
  }
}

function dateOf(at) {
  return at ? new Date(at) : null;
}
