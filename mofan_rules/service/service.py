"""What the operations of one service share."""

from dataclasses import dataclass

from mofan_rules.evaluation.version import version
from mofan_rules.service.live import Sessions
from mofan_rules.service.metrics import Metrics
from mofan_rules.service.settings import Settings
from mofan_rules.service.workers import Workers


@dataclass(frozen=True, slots=True)
class Service:
    """The parts; `sessions` only where there is a folder of journals."""

    settings: Settings
    metrics: Metrics
    workers: Workers
    sessions: Sessions | None

    @property
    def version(self) -> str:
        """That of the library."""
        return version()

    @classmethod
    def of(cls, settings: Settings) -> "Service":
        """The parts, with what they count."""
        metrics, workers = Metrics(), Workers(settings)
        sessions = None if settings.journals is None else Sessions(settings, settings.journals)
        metrics.watch("mofan_evaluations_running", "processes that evaluate", lambda: workers.busy)
        metrics.watch("mofan_evaluations_waiting", "requests that wait for a process", lambda: workers.waiting)
        if sessions is not None:
            known = sessions
            metrics.watch("mofan_sessions_open", "sessions that are open", lambda: len(known))
            metrics.watch("mofan_listeners", "listeners to changes", lambda: known.listeners)
        return cls(settings, metrics, workers, sessions)
