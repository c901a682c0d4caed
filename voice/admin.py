"""The voice in the manager's hands: how the hall speaks, and in whose voice."""

from itertools import groupby
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action

from agencies.scope import HallScopedAdmin, OfHall, hall_of
from voice import hall as hall_voice
from voice import recordings
from voice.languages import LANGUAGES, Language
from voice.models import SpokenName, Voice

GROUPS = {
    "chime": gettext_lazy("Bunyi pembuka"),
    "phrase": gettext_lazy("Kalimat"),
    "letter": gettext_lazy("Huruf"),
    "word": gettext_lazy("Angka"),
    "agency": gettext_lazy("Instansi"),
    "screen": gettext_lazy("Layar anjungan"),
    "service": gettext_lazy("Layanan"),
}


@admin.register(Voice)
class VoiceAdmin(HallScopedAdmin):
    audited = ("is_on", "speaks_english", "speaks_minangkabau", "numbers", "says_agency", "volume")
    list_display = ["hall", "is_on", "speaks_english", "speaks_minangkabau", "numbers", "volume"]
    list_select_related = ["hall"]
    readonly_fields = ["hall"]
    actions_detail = ["listen_and_record"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # every hall has one, as soon as somebody looks for it

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        hall = hall_of(request) if self.has_view_permission(request) else None
        if hall:
            Voice.objects.get_or_create(hall=hall)
        return super().changelist_view(request, extra_context)

    @action(description=gettext_lazy("Dengarkan dan rekam"), url_path="record")
    def listen_and_record(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return redirect("admin:voice_record", object_id, "id")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.record)
        own = path("<int:voice>/record/<slug:language>/", view, name="voice_record")
        return [own, *super().get_urls()]

    def record(self, request: HttpRequest, voice: int, language: str) -> HttpResponse:
        """The words of a language, one by one: to hear, to record, to take back."""
        found = self.get_object(request, str(voice))
        if not self.has_change_permission(request, found):
            raise PermissionDenied
        if found is None or language not in LANGUAGES:
            raise Http404
        if request.method == "POST":
            return self.keep(request, found, LANGUAGES[language])
        return self.words(request, found, LANGUAGES[language])

    def keep(self, request: HttpRequest, voice: Voice, language: Language) -> HttpResponse:
        texts, clip = hall_voice.texts([voice.hall], language), request.POST.get("clip", "")
        if clip not in texts:
            raise Http404
        if "reset" in request.POST:
            recordings.reset(voice.hall, language, clip)
            self.log_change(request, voice, f"reset {language.code} {clip}")
            messages.success(request, _("Kembali ke suara bawaan."))
        else:
            self.record_file(request, voice, language, clip, texts[clip])
        page = reverse("admin:voice_record", args=[voice.pk, language.code])
        return redirect(f"{page}#{clip}")

    def record_file(
        self, request: HttpRequest, voice: Voice, language: Language, clip: str, text: str
    ) -> None:
        file = request.FILES.get("file")
        if file is None:
            messages.error(request, _("Pilih dulu berkas rekamannya."))
            return
        try:
            fit = recordings.checked(file)
        except recordings.Unfit as unfit:
            messages.error(request, f"“{text or clip}”: {unfit}")
            return
        recordings.record(voice.hall, language, clip, text, fit)
        self.log_change(request, voice, f"record {language.code} {clip}")
        messages.success(request, _("Rekaman disimpan dan disamakan kerasnya."))
        if fit.warning:
            messages.warning(request, f"“{text or clip}”: {fit.warning}")

    def words(self, request: HttpRequest, voice: Voice, language: Language) -> HttpResponse:
        texts = hall_voice.texts([voice.hall], language)
        clips = sorted(hall_voice.clips(voice.hall, language, texts), key=group_of)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Dengarkan dan rekam"),
            "voice": voice,
            "language": language,
            "languages": LANGUAGES.values(),
            "own": sum(clip.is_own for clip in clips),
            "total": len(clips),
            "groups": [
                (list(GROUPS.values())[place], [shown(voice, language, clip) for clip in some])
                for place, some in groupby(clips, key=group_of)
            ],
        }
        return TemplateResponse(request, "voice/recordings.html", context)


def group_of(clip: hall_voice.Heard) -> int:
    kind = clip.name.split("-", maxsplit=1)[0]
    if kind not in GROUPS:
        kind = "phrase" if " " in clip.text or clip.name == "counter" else "word"
    return list(GROUPS).index(kind)


def shown(voice: Voice, language: Language, clip: hall_voice.Heard) -> dict[str, Any]:
    address = (
        hall_voice.address(voice.hall, language, clip.name, clip.digest) if clip.digest else ""
    )
    return {
        "clip": clip,
        "address": address,
        "text": clip.text or _("dua nada, 1 sampai 1,5 detik"),
    }


@admin.register(SpokenName)
class SpokenNameAdmin(HallScopedAdmin):
    list_display = ["agency", "spoken_id", "spoken_en", "hall"]
    list_filter = [("hall", OfHall)]
    list_select_related = ["agency", "hall"]
