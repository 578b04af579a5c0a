"""A service that tests share which leave it as it is."""

from collections.abc import Iterator

import pytest

from tests.service.serving import Served, served


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Without a token, with wide limits; each test has sessions of its own."""
    with served(tmp_path_factory.mktemp("served"), "--sessions", "100") as running:
        yield running
