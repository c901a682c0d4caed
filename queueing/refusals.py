"""Why was a press refused? A status, a code for programs, and a kind sentence for people."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Refusal(Exception):  # noqa: N818 - the field's word: nothing is in error, the hall said no
    """A press that changed nothing. `status` and `code` are those of the API contract."""

    status = 409
    code = "illegal_move"
    sentence: str | Promise = _("Ini tidak dapat dilakukan sekarang.")
    retry_after: int | None = None

    def __init__(self, sentence: str | Promise = "", *, retry_after: int | None = None) -> None:
        super().__init__(str(sentence or self.sentence))
        self.sentence = sentence or self.sentence
        self.retry_after = retry_after if retry_after is not None else self.retry_after


class IllegalMove(Refusal):
    pass


class Closed(Refusal):
    code = "closed"
    sentence = _("Layanan ini sedang tutup.")


class QuotaExhausted(Refusal):
    code = "quota_exhausted"
    sentence = _("Kuota hari ini habis.")


class Locked(Refusal):
    code = "locked"
    sentence = _("Anjungan ini sedang dikunci. Silakan ke resepsionis.")


class Busy(Refusal):
    code = "busy"
    sentence = _("Loket ini masih melayani satu nomor. Selesaikan dulu.")


class SatElsewhere(Refusal):
    code = "seat_taken"
    sentence = _(
        "Loket Anda dibuka di peramban lain. Halaman ini berhenti supaya tidak ada nomor yang"
        " terpanggil dua kali."
    )


class NotKnown(Refusal):
    status = 401
    code = "not_known"
    sentence = _("Silakan masuk dulu.")


class NotYours(Refusal):
    status = 403
    code = "not_yours"
    sentence = _("Anda tidak berwenang untuk ini.")


class NotFound(Refusal):
    status = 404
    code = "not_found"
    sentence = _("Tidak ditemukan.")


class WrongMethod(Refusal):
    status = 405
    code = "method_not_allowed"
    sentence = _("Alamat ini tidak menerima permintaan seperti itu.")


class KeyMissing(Refusal):
    status = 400
    code = "key_missing"
    sentence = _("Idempotency-Key wajib ada: 1 sampai 255 huruf ASCII yang terlihat.")


class KeyReused(Refusal):
    status = 422
    code = "key_reused"
    sentence = _("Kunci ini sudah dipakai untuk permintaan lain.")


class Invalid(Refusal):
    status = 422
    code = "invalid"
    sentence = _("Permintaan tidak dapat dipahami.")


class UnknownService(Refusal):
    status = 422
    code = "unknown_service"
    sentence = _("Layanan tidak dikenal.")


class TooLarge(Refusal):
    status = 413
    code = "too_large"
    sentence = _("Permintaan terlalu besar.")


class TooMany(Refusal):
    status = 429
    code = "too_many"
    sentence = _("Terlalu banyak nomor dalam waktu singkat. Silakan tunggu sebentar.")
    retry_after = 5
    what = "kiosk"  # counted among the refused floods under this name


class TooManyLooks(TooMany):
    sentence = _("Terlalu banyak permintaan dalam waktu singkat. Silakan tunggu sebentar.")
    what = "phone"


class TooManyCalls(TooMany):
    sentence = _("Petugas sudah diberi tahu. Silakan tunggu sebentar.")
    what = "help"


class TooManyPairings(TooMany):
    sentence = _("Terlalu banyak layar menunggu dipasangkan. Coba lagi dalam 10 menit.")
    retry_after = 600
    what = "pairing"


class TryAgain(Refusal):
    status = 503
    code = "try_again"
    sentence = _("Sistem sedang sibuk. Silakan coba sebentar lagi.")
    retry_after = 1
