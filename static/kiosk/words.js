/* How does the kiosk say it? Figures and states in the words of the hall. */

/** 50000 → "Rp50.000" */
export function rupiah(amount) {
  return `Rp${amount.toLocaleString("id-ID")}`;
}

/** What a service costs, and beside it what the price leaves open. */
export function priceOf({ fee, feeNote }) {
  if (fee === null) return ["", feeNote || gettext("Tanyakan di loket")];
  return [fee === 0 ? gettext("Gratis") : rupiah(fee), feeNote];
}

export function statusWord(status) {
  const words = {
    open: gettext("Buka"),
    not_yet: gettext("Belum buka"),
    over: gettext("Selesai hari ini"),
    paused: gettext("Dijeda"),
    incident: gettext("Gangguan"),
    quota: gettext("Kuota habis"),
    closed: gettext("Tutup"),
  };
  return words[status] ?? words.closed;
}

export function waitingSentence(waiting) {
  if (waiting === null) return gettext("Belum diketahui");
  if (waiting === 0) return gettext("Tidak ada antrean");
  return interpolate(ngettext("%s orang menunggu", "%s orang menunggu", waiting), [waiting]);
}

/** Several short words as one line; what is empty is left out. */
export function line(...words) {
  return words.filter(Boolean).join(" · ");
}

export function aheadSentence(ahead) {
  if (ahead === 0) return gettext("Tidak ada antrean di depan Anda");
  return interpolate(ngettext("%s antrean di depan Anda", "%s antrean di depan Anda", ahead), [ahead]);
}

/** [1, 2, 3, 5] → "Loket 1–3, 5" */
export function countersSentence(numbers) {
  const runs = [];
  for (const number of [...numbers].sort((a, b) => a - b)) {
    const run = runs.at(-1);
    if (run && run[1] === number - 1) run[1] = number;
    else runs.push([number, number]);
  }
  const text = runs.map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`)).join(", ");
  return interpolate(gettext("Loket %s"), [text]);
}

/** That an agency's system is down, and what to do. */
export function downSentence({ shortName }) {
  const words = gettext("Sistem %s sedang gangguan. Nomor belum diberikan; coba lagi nanti, atau silakan ke resepsionis.");
  return interpolate(words, [shortName]);
}

/** Why a service gives no number right now, and what to do; "" when it does. */
export function obstacleOf(state, service, outlook = null) {
  if (state === "open") return "";
  if (state === "incident") return downSentence(service.agency);
  const sentence = (outlook?.open === false && outlook.sentence) || (state === service.state && service.sentence);
  if (sentence) return `${sentence} ${gettext("Untuk bertanya, silakan ke resepsionis.")}`;
  if (state === "paused") return gettext("Antrean ini sedang dijeda. Silakan ke resepsionis.");
  if (state === "quota") {
    return gettext("Kuota hari ini sudah habis. Silakan datang lagi pada hari layanan berikutnya.");
  }
  return gettext("Layanan ini sedang tutup. Silakan ke resepsionis.");
}
