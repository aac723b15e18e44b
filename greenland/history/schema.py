"""Tables of the history, in versions: each step brings a database to the next one.

The SQL is what DuckDB, SQLite and PostgreSQL have in common.
"""

from __future__ import annotations

from greenland.errors import InputError, input_error
from greenland.history.connection import Connection
from greenland.i18n import _

VERSIONS = "greenland_schema"

# Version 1 knew a park by its code or name alone. Version 2 keeps beside it what the park was in
# each year, so that like is compared with like: the names of earlier parks are their keys.
STEPS: tuple[tuple[str, ...], ...] = (
    (
        "CREATE TABLE key_results (park VARCHAR(200) NOT NULL, year INTEGER NOT NULL,"
        " result VARCHAR(80) NOT NULL, value DOUBLE PRECISION NOT NULL, unit VARCHAR(40) NOT NULL,"
        " kept_at VARCHAR(40) NOT NULL, version VARCHAR(40) NOT NULL,"
        " PRIMARY KEY (park, year, result))",
    ),
    (
        "CREATE TABLE parks (park VARCHAR(200) NOT NULL, year INTEGER NOT NULL,"
        " name VARCHAR(200) NOT NULL, level VARCHAR(40) NOT NULL, type VARCHAR(40) NOT NULL,"
        " PRIMARY KEY (park, year))",
        "INSERT INTO parks SELECT DISTINCT park, year, park, '', '' FROM key_results",
    ),
)
LATEST = len(STEPS)


def version_of(connection: Connection) -> int:
    """Version of the tables of a database; 0 when it has none."""
    if not connection.has_table(VERSIONS):
        return 0
    rows = connection.rows(f"SELECT MAX(version) FROM {VERSIONS}")
    return int(rows[0][0] or 0)


def check(version: int, where: str) -> None:
    """Refuse tables of a later version.

    Raises
    ------
    InputError
        If this version of the program does not know them.
    """
    if version > LATEST:
        raise _newer(version, where)


def migrate(connection: Connection, where: str, when: str) -> None:
    """Bring the tables of a database to the latest version; within the caller's transaction.

    Raises
    ------
    InputError
        If they are of a later version than this program knows.
    """
    version = version_of(connection)
    check(version, where)
    if version == LATEST:
        return
    if version == 0:
        connection.run(
            f"CREATE TABLE {VERSIONS} (version INTEGER NOT NULL PRIMARY KEY,"
            " migrated_at VARCHAR(40) NOT NULL)"
        )
    for step in range(version, LATEST):
        for statement in STEPS[step]:
            connection.run(statement)
        connection.run(
            f"INSERT INTO {VERSIONS} VALUES (:version, :migrated_at)",
            [{"version": step + 1, "migrated_at": when}],
        )


def _newer(version: int, where: str) -> InputError:
    return input_error(
        "history_version",
        _("历史库由更新的版本建立，本程序不能读写。"),
        remedy=_("请升级 greenland，或另建一个历史库。"),
        file=where,
        got=str(version),
        allowed=f"1～{LATEST}",
    )
