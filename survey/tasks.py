"""What happens to the survey by the clock? It forgets who answered; twice does no harm."""

from celery import shared_task

from agencies.models import Hall
from survey import forgetting


@shared_task
def forget_respondents() -> int:
    """Forget of the questionnaires of over 30 days ago whose they were."""
    return sum(forgetting.forget_respondents(hall) for hall in Hall.objects.all())
