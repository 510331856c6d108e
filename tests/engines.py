"""The two engines every test of ours may run on: SQLite in a file, PostgreSQL in a cluster of its own."""

import os
import shutil
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from app.schema import upgrade
from core.database import Database
from tests.ports import free_port


def postgres_binaries() -> Path | None:
    """The folder of the newest PostgreSQL server on this machine."""
    on_path = shutil.which("initdb")
    folders = [Path(on_path).resolve().parent] if on_path else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((f for f in folders if (f / "initdb").exists() and (f / "pg_ctl").exists()), None)


def _as_postgres(command: list[str]) -> list[str]:
    # The server refuses to run as root.
    return ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else command


class Cluster:
    """A throw-away PostgreSQL cluster on loopback, with a template database that is already set up."""

    def __init__(self, binaries: Path, *, durable: bool = False) -> None:
        self._bin, self._durable = binaries, durable
        self._home = Path(tempfile.mkdtemp(prefix="frontdoor-pg-"))
        self._data = self._home / "data"
        if os.geteuid() == 0:
            shutil.chown(self._home, "postgres")
        self.port = free_port()
        self._run(
            "initdb", "-D", str(self._data), "-U", "frontdoor", "-A", "trust", "-E", "UTF8", "--locale=C"
        )
        self.start()
        self._template()

    def start(self) -> None:
        safe = "on" if self._durable else "off"
        options = f"-p {self.port} -k {self._home} -c listen_addresses=127.0.0.1 -c max_connections=200"
        options += f" -c fsync={safe} -c full_page_writes={safe}"
        log = str(self._home / "log")
        self._run("pg_ctl", "-D", str(self._data), "-o", options, "-l", log, "-w", "start")

    def stop(self, mode: str = "immediate") -> None:
        self._run("pg_ctl", "-D", str(self._data), "-m", mode, "-w", "stop")

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self._home, ignore_errors=True)

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://frontdoor@127.0.0.1:{self.port}/{name}"

    def new_database(self) -> str:
        """A fresh database that has schema and reference data; its URL."""
        name = f"t_{uuid.uuid4().hex[:12]}"
        self._sql(f"CREATE DATABASE {name} TEMPLATE front")
        return self.url(name)

    def drop(self, url: str) -> None:
        """A database that nobody needs again: thousands of them fill a disk, and are looked after by the server."""
        self._sql(f"DROP DATABASE {url.rsplit('/', 1)[1]} WITH (FORCE)")

    @contextmanager
    def database(self) -> Iterator[str]:
        """A fresh database for the length of a test; its URL."""
        url = self.new_database()
        yield url
        self.drop(url)

    def _template(self) -> None:
        self._sql("CREATE DATABASE front")
        database = Database(self.url("front"))
        upgrade(database)
        database.close()

    def _sql(self, statement: str) -> None:
        with psycopg.connect(
            f"host=127.0.0.1 port={self.port} user=frontdoor dbname=postgres", autocommit=True
        ) as c:
            for _ in range(20):
                try:
                    c.execute(statement)
                    return
                except psycopg.errors.ObjectInUse:
                    time.sleep(0.1)
            c.execute(statement)

    def _run(self, program: str, *arguments: str) -> None:
        command = _as_postgres([str(self._bin / program), *arguments])
        done = subprocess.run(command, capture_output=True, text=True, cwd="/")
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stderr or done.stdout}")


_sqlite_template: list[Path] = []


def new_sqlite(folder: Path) -> str:
    """A fresh SQLite file that has schema and reference data; its URL."""
    if not _sqlite_template or not _sqlite_template[0].exists():
        path = Path(tempfile.mkdtemp(prefix="frontdoor-sqlite-")) / "front.db"
        database = Database(f"sqlite:///{path}")
        upgrade(database)
        with database.engine.connect() as connection:
            connection.commit()
        database.close()
        _sqlite_template[:] = [path]
    target = folder / "frontdoor.db"
    shutil.copy(_sqlite_template[0], target)
    return f"sqlite:///{target}"


@contextmanager
def cluster() -> Iterator[Cluster | None]:
    """A cluster for the session, or None where there are no server binaries (never so in CI)."""
    binaries = postgres_binaries()
    if binaries is None:
        if os.environ.get("CI"):
            raise RuntimeError("CI needs the PostgreSQL server binaries")
        yield None
        return
    running = Cluster(binaries)
    try:
        yield running
    finally:
        running.remove()
