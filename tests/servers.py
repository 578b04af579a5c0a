"""A PostgreSQL server and a session of Spark of our own, for the tests that need one."""

import getpass
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest


def binaries() -> Path | None:
    """The folder of the newest installed server."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if found:
        return max(found, key=lambda path: int(path.parent.name) if path.parent.name.isdigit() else 0)
    initdb = shutil.which("initdb")
    return Path(initdb).parent if initdb else None


def unprivileged() -> list[str]:
    """What a command must begin with so as not to run as root, which the server refuses."""
    if os.geteuid() != 0:
        return []
    for user in ("postgres", "nobody"):
        try:
            pwd.getpwnam(user)
        except KeyError:
            continue
        return ["setpriv", f"--reuid={user}", f"--regid={pwd.getpwnam(user).pw_gid}", "--clear-groups"]
    raise AssertionError("no unprivileged user to run the server as")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a fresh cluster; the password in it must never be shown."""
    folder = binaries()
    if folder is None:
        pytest.skip("no PostgreSQL server is installed")
    place = Path(tempfile.mkdtemp(prefix="mofan-postgres-"))
    as_user = unprivileged()
    if as_user:
        shutil.chown(place, as_user[1].split("=")[1])
    (place / "password").write_text("geheim")
    (place / "password").chmod(0o644)
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": str(place)}
    data = place / "data"
    server: subprocess.Popen[bytes] | None = None
    try:
        command = [str(folder / "initdb"), "-D", str(data), "-U", "mofan", "-A", "scram-sha-256", f"--pwfile={place / 'password'}", "-E", "UTF8", "--no-sync"]
        subprocess.run([*as_user, *command], check=True, capture_output=True, env=environment, cwd=place)
        port = free_port()
        started = [str(folder / "postgres"), "-D", str(data), "-p", str(port), "-k", str(place), "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"]
        server = subprocess.Popen([*as_user, *started], env=environment, cwd=place, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        address = f"postgresql://mofan:geheim@127.0.0.1:{port}/postgres"
        _wait(address, server)
        yield address
    finally:
        if server is not None:
            server.terminate()
            server.wait(30)
        shutil.rmtree(place, ignore_errors=True)


def _wait(address: str, server: "subprocess.Popen[bytes]") -> None:
    import psycopg

    for _ in range(200):
        try:
            psycopg.connect(address, connect_timeout=2).close()
            return
        except psycopg.OperationalError:
            assert server.poll() is None, f"the server ended at once (as {getpass.getuser()})"
            time.sleep(0.1)
    raise AssertionError("the server does not answer")


@pytest.fixture(scope="session")
def spark() -> Iterator[Any]:
    """One session of Spark for all tests: starting it takes seconds."""
    from mofan_rules.executors.spark.session import lacking, session

    if reason := lacking():
        pytest.skip(reason)
    found = session()
    yield found
    gateway = found.sparkContext._gateway
    found.stop()
    gateway.shutdown()
    gateway.proc.stdin.close()
    gateway.proc.wait(60)
