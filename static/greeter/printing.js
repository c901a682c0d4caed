/* The slip, where the hall has the module that prints it; elsewhere the code on the screen does. */

import { about } from "./part.js";

export const canPrint = Boolean(about.slip);

/** Print the slip of a visit, and one more for whoever comes along; return what became of it. */
export async function print(ticketIds, visit, companion) {
  const { printSlip } = await import(about.slip);
  const { outcome } = await printSlip(ticketIds, visit, { companion });
  return wordsOf(outcome);
}

function wordsOf(outcome) {
  const words = {
    printed: gettext("Slip dicetak."),
    none: gettext("Tidak ada pencetak di sini. Tunjukkan QR-nya."),
    paper_out: gettext("Kertas pencetak habis. Tunjukkan QR-nya."),
    gone: gettext("Pencetak tidak menjawab. Tunjukkan QR-nya."),
  };
  return words[outcome] ?? gettext("Belum tentu tercetak. Lihat pencetaknya.");
}
