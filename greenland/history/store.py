"""A history: entries put in and taken out."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self, TypeVar

from greenland.errors import input_error
from greenland.filelock import PAUSE_SECONDS
from greenland.history.connection import (
    CollisionError,
    Connection,
    Database,
    duckdb_visit,
    is_url,
    library,
    shown,
)
from greenland.history.entry import Entry, Kept, now
from greenland.history.schema import check, migrate, version_of
from greenland.i18n import _
from greenland.key_results import KEYS

DEFAULT_FILE: Final = "history.duckdb"
_ATTEMPTS = 10
TURN_SECONDS = 2 * PAUSE_SECONDS
"""Pause after keeping something in a file: whoever waits for it has a turn before the next."""
T = TypeVar("T")


class History:
    """Key results of parks by year, in a DuckDB file or another database.

    Parameters
    ----------
    where : path or str
        A file, or the URL of a database as SQLAlchemy takes it.

    Examples
    --------
    >>> import tempfile
    >>> where = tempfile.mkdtemp() + "/history.duckdb"
    >>> park = ("P1", 2025, "甲园区（虚构）", "provincial", "other")
    >>> with History(where) as history:
    ...     history.add([Entry(*park, {"idle_ha": 3.0})])
    ...     history.add([Entry(*park, {"idle_ha": 2.0})])
    ...     [(row.year, row.value, row.unit) for row in history.rows()]
    1
    1
    [(2025, 2.0, '公顷')]
    """

    def __init__(self, where: Path | str) -> None:
        self._url = str(where) if is_url(str(where)) else None
        self._path = Path(where)
        self._database = Database(self._url) if self._url else None
        if self._database is None:
            library()  # what is missing is told before anything is computed
        self.where = shown(str(where))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give back what is held of the database."""
        if self._database is not None:
            self._database.close()

    @property
    def exists(self) -> bool:
        """Whether there is such a file; of another database, true."""
        return self._database is not None or self._path.exists()

    def add(self, entries: Iterable[Entry]) -> int:
        """Keep entries: all of them or none; what stood for a park and year is replaced.

        Returns
        -------
        int
            How many parks and years were kept.

        Raises
        ------
        MissingExtraError
            If the libraries of the history are not installed.
        InputError
            If the database cannot be written or is of a later version.
        """
        kept = list({entry.key: entry for entry in entries}.values())
        when = now()

        def put(connection: Connection) -> int:
            migrate(connection, self.where, when)
            for entry in kept:
                _replace(connection, entry, when)
            return len(kept)

        count = self._visited(put)
        if self._database is None:
            time.sleep(TURN_SECONDS)
        return count

    def rows(
        self,
        *,
        parks: Collection[str] | None = None,
        years: Collection[int] | None = None,
        keys: Collection[str] | None = None,
    ) -> list[Kept]:
        """Key results, by park, year and the order of the table.

        Parameters
        ----------
        parks, years, keys : collection, optional
            Only these; parks by code or by name.

        Raises
        ------
        InputError
            If there is no such history, or it is of a later version.
        """
        order = {key: place for place, key in enumerate(KEYS)}
        sql = (
            "SELECT r.park, p.name, r.year, r.result, r.value, r.unit, r.kept_at, r.version"
            " FROM key_results r JOIN parks p ON p.park = r.park AND p.year = r.year"
        )
        found = [Kept(*row) for row in self._read(sql)]
        chosen = [
            row
            for row in found
            if (parks is None or row.park in parks or row.name in parks)
            and (years is None or row.year in years)
            and (keys is None or row.key in keys)
        ]
        return sorted(chosen, key=lambda row: (row.park, row.year, order.get(row.key, len(order))))

    def entries(self, year: int) -> list[Entry]:
        """Everything kept of a year.

        Raises
        ------
        InputError
            If there is no such history, or it is of a later version.
        """
        parks = self._read(
            "SELECT park, year, name, level, type FROM parks WHERE year = :year", year
        )
        values: dict[str, dict[str, float]] = {}
        versions: dict[str, str] = {}
        for row in self.rows(years={year}):
            values.setdefault(row.park, {})[row.key] = row.value
            versions[row.park] = row.version
        return [
            Entry(park, when, name, level, kind, values.get(park, {}), versions.get(park, ""))
            for park, when, name, level, kind in sorted(parks)
        ]

    def years(self) -> list[int]:
        """Years of which something is kept."""
        return sorted(int(row[0]) for row in self._read("SELECT DISTINCT year FROM parks"))

    def _read(self, sql: str, year: int | None = None) -> list[Any]:
        if not self.exists:
            raise input_error(
                "history_missing",
                _("没有这个历史库。"),
                remedy=_("请核对文件名，或先用 greenland history add 存入结果。"),
                file=str(self._path),
            )
        when = now()

        def take(connection: Connection) -> list[Any]:
            version = version_of(connection)
            check(version, self.where)
            if version == 0:
                return []
            migrate(connection, self.where, when)
            return connection.rows(sql, {} if year is None else {"year": year})

        return self._visited(take)

    def _visited(self, work: Callable[[Connection], T]) -> T:
        """Do some work in a transaction; again where another came before."""
        for attempt in range(_ATTEMPTS):
            try:
                with self._visit() as connection:
                    return work(connection)
            except CollisionError as collision:
                if attempt == _ATTEMPTS - 1:
                    raise collision.told from collision
        raise AssertionError("unreachable")

    @contextmanager
    def _visit(self) -> Iterator[Connection]:
        if self._database is not None:
            with self._database.visit() as connection:
                yield connection
        else:
            with duckdb_visit(self._path) as connection:
                yield connection


def _replace(connection: Connection, entry: Entry, when: str) -> None:
    """What is kept of a park and year, in place of what was."""
    key = {"park": entry.park, "year": entry.year}
    for table in ("key_results", "parks"):
        connection.run(f"DELETE FROM {table} WHERE park = :park AND year = :year", [key])
    connection.run(
        "INSERT INTO parks VALUES (:park, :year, :name, :level, :type)",
        [{**key, "name": entry.name, "level": entry.level, "type": entry.type}],
    )
    rows = [
        {
            **key,
            "result": name,
            "value": value,
            "unit": KEYS[name].unit if name in KEYS else "",
            "kept_at": when,
            "version": entry.version,
        }
        for name, value in entry.values.items()
    ]
    if rows:
        connection.run(
            "INSERT INTO key_results"
            " VALUES (:park, :year, :result, :value, :unit, :kept_at, :version)",
            rows,
        )
