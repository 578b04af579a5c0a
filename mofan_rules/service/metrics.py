"""What a service counts, in the text form of Prometheus."""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

MEDIA_TYPE = CONTENT_TYPE_LATEST
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)


class Metrics:
    """The numbers of one service. Nothing in them names an organization, a person or a session."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter("mofan_requests", "requests answered", ("method", "route", "status"), registry=self.registry)
        self.seconds = Histogram("mofan_request_seconds", "seconds until a request was answered", ("route",), buckets=BUCKETS, registry=self.registry)
        self.recorded = Counter("mofan_facts_recorded", "facts recorded, corrections and withdrawals among them", registry=self.registry)
        self.changed = Counter("mofan_verdicts_changed", "verdicts that changed in sessions", registry=self.registry)

    def watch(self, name: str, what: str, value: Callable[[], float]) -> None:
        """Show a number that is looked up when it is asked for."""
        Gauge(name, what, registry=self.registry).set_function(value)

    def text(self) -> bytes:
        """All of them."""
        return generate_latest(self.registry)
