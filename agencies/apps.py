from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AgenciesConfig(AppConfig):
    name = "agencies"
    verbose_name = _("Instansi dan petugas")

    def ready(self) -> None:
        from agencies import audit, sessions  # noqa: F401, PLC0415 - they listen to Django's signals
