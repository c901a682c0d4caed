/* Which service? Found by its name or code: for a wrong choice, a further errand, or a walk-in. */

import { agreed, choices, chosen, fill } from "./asking.js";
import { part } from "./part.js";

const AT_MOST = 30;

/** The person chose wrongly at the kiosk: the place is kept. */
export async function askForRight(desk) {
  const [mine] = desk.state.current.wanted.map(({ code }) => code);
  const service = await askFor(every(desk).filter(({ code }) => code !== mine), {
    title: interpolate(gettext("Salah layanan: %s"), [desk.state.current.label]),
    hint: gettext("Pilih layanan yang benar. Tempatnya dalam antrean tidak hilang."),
    yes: gettext("Ganti layanan"),
  });
  return service && { service };
}

export async function askForMore(desk) {
  const mine = new Set(desk.state.current.wanted.map(({ code }) => code));
  const service = await askFor(every(desk).filter(({ code }) => !mine.has(code)), {
    title: interpolate(gettext("Tambah layanan: %s"), [desk.state.current.label]),
    hint: gettext("Dari antrean ini: dilayani sekarang. Dari antrean lain: orang ini mendapat nomor tambahan."),
    yes: gettext("Tambah layanan"),
  });
  return service && { service };
}

export async function askWhoCame(desk) {
  const own = new Set(desk.state.queues.map(({ code }) => code));
  fill(part["service-priority"], [["", gettext("Tanpa prioritas")], ...desk.priorities]);
  const service = await askFor(every(desk).filter(({ queue }) => own.has(queue)), {
    title: gettext("Orang tanpa nomor"),
    hint: gettext("Orang di depan Anda mendapat nomor dan langsung dilayani. Yang menunggu didahului, maka ini tercatat."),
    yes: gettext("Layani sekarang"),
    hasPriority: true,
  });
  return service && { services: [service], priority: part["service-priority"].value || null };
}

/** All services of the hall, those of the counter's own queues first. */
function every({ destinations, state }) {
  const own = new Set(state.queues.map(({ code }) => code));
  const all = destinations.flatMap((agency) => agency.queues.flatMap((queue) => queue.services.map(
    (service) => ({ ...service, queue: queue.code, agency: agency.name }),
  )));
  return all.sort((one, other) => own.has(other.queue) - own.has(one.queue));
}

async function askFor(services, { title, hint, yes, hasPriority = false }) {
  part["service-title"].textContent = title;
  part["service-hint"].textContent = hint;
  part["service-yes"].textContent = yes;
  part["service-priority-part"].hidden = !hasPriority;
  part["service-search"].value = "";
  part["service-search"].oninput = () => show(services);
  show(services);
  return (await agreed(part["service-dialog"])) ? chosen("service") : null;
}

function show(services) {
  const words = part["service-search"].value.toLowerCase().split(/\s+/).filter(Boolean);
  const text = ({ code, name, agency }) => `${code} ${name} ${agency}`.toLowerCase();
  const found = services.filter((service) => words.every((word) => text(service).includes(word)));
  const shown = found.slice(0, AT_MOST);
  const options = shown.map(({ code, name, agency }) => [code, `${code} · ${name} (${agency})`]);
  choices(part["service-options"], "service", options, shown.length === 1 ? shown[0].code : null);
  const more = found.length - shown.length;
  part["service-more"].textContent = found.length
    ? more ? interpolate(gettext("%s layanan lagi. Ketik untuk mempersempit."), [more]) : ""
    : gettext("Tidak ada layanan seperti itu.");
}
