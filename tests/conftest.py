"""Options of the test run."""

import pytest

from tests.servers import postgres, spark

__all__ = ["postgres", "spark"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--differential N`: how many sets of facts the differential test draws; `--sessions N`: how many sequences of calls; `--kills N`: how many deaths;
    `--connections N`: how many at a time to the service."""
    parser.addoption(
        "--differential", type=int, default=None, metavar="N", help="draw N sets of random facts, with three programs each, in the differential test"
    )
    parser.addoption("--differential-seed", type=int, default=0, metavar="S", help="begin with this seed")
    parser.addoption("--many", action="store_true", help="look for memory left behind over ten thousand networks and a million facts")
    parser.addoption(
        "--compiled", choices=("some", "all"), default="some", help="run all cases of the corpus on compiled programs, and not only some, on every database"
    )
    parser.addoption("--sessions", type=int, default=None, metavar="N", help="follow N random sequences of calls to a session")
    parser.addoption("--connections", type=int, default=200, metavar="N", help="open N connections to the service at a time")
    parser.addoption("--kills", type=int, default=None, metavar="N", help="kill a recording process N times")
