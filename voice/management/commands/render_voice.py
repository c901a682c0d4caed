from typing import Any

from django.core.management.base import BaseCommand, CommandError

from voice import hall, packs, speaking
from voice.languages import LANGUAGES


class Command(BaseCommand):
    help = "Render the clips that the voices of all halls need and that are not there yet."

    def handle(self, *args: Any, **options: Any) -> None:
        for code, texts in hall.needed().items():
            try:
                count = packs.render(LANGUAGES[code], texts)
            except speaking.NoSpeech:
                message = "eSpeak NG is missing: the halls have no voice. See docs/voice.md."
                raise CommandError(message) from None
            self.stdout.write(f"{code}: {count} new clips, {len(texts)} in all.")
