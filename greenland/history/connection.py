"""One way to speak SQL to DuckDB and to what SQLAlchemy reaches; parameters are written ``:name``.

Each visit is one transaction. A DuckDB file belongs to one process at a time: visits wait for each
other on a lock beside it. Other databases keep order themselves, and a visit that another came
before is made again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from greenland.errors import InputError, MissingExtraError, input_error, unwritable
from greenland.filelock import locked
from greenland.i18n import _

Row = tuple[Any, ...]
_NAME = re.compile(r"(?<!:):(\w+)")
_PASSWORD = re.compile(r"(://[^/@:]*):[^@/]*@")
SQLITE_WAIT_SECONDS = 60.0


class Connection(Protocol):
    """What statements are handed to, inside a transaction."""

    def rows(self, sql: str, values: Mapping[str, Any] | None = None) -> list[Row]:
        """Rows of a query."""
        ...

    def run(self, sql: str, each: Sequence[Mapping[str, Any]] = ()) -> None:
        """Run a statement once, or once with each of some values."""
        ...

    def has_table(self, name: str) -> bool:
        """Whether there is a table of that name."""
        ...


def is_url(where: str) -> bool:
    """Whether a history is named by the URL of a database, not by a file."""
    return "://" in where


def shown(where: str) -> str:
    """The name of a history, its password left out."""
    return _PASSWORD.sub(r"\1:***@", where)


class _DuckDB:
    def __init__(self, connection: Any) -> None:
        self.connection = connection

    def rows(self, sql: str, values: Mapping[str, Any] | None = None) -> list[Row]:
        return list(self.connection.execute(_NAME.sub(r"$\1", sql), dict(values or {})).fetchall())

    def run(self, sql: str, each: Sequence[Mapping[str, Any]] = ()) -> None:
        sql = _NAME.sub(r"$\1", sql)
        if each:
            self.connection.executemany(sql, [dict(one) for one in each])
        else:
            self.connection.execute(sql)

    def has_table(self, name: str) -> bool:
        sql = "SELECT 1 FROM information_schema.tables WHERE table_name = :name"
        return bool(self.rows(sql, {"name": name}))


class _Alchemy:
    def __init__(self, connection: Any) -> None:
        self.connection = connection

    def rows(self, sql: str, values: Mapping[str, Any] | None = None) -> list[Row]:
        from sqlalchemy import text

        return [tuple(row) for row in self.connection.execute(text(sql), dict(values or {}))]

    def run(self, sql: str, each: Sequence[Mapping[str, Any]] = ()) -> None:
        from sqlalchemy import text

        if each:
            self.connection.execute(text(sql), [dict(one) for one in each])
        else:
            self.connection.execute(text(sql))

    def has_table(self, name: str) -> bool:
        from sqlalchemy import inspect

        return bool(inspect(self.connection).has_table(name))


def library() -> Any:
    """DuckDB.

    Raises
    ------
    MissingExtraError
        If it is not installed.
    """
    try:
        import duckdb
    except ImportError as error:
        raise MissingExtraError("history", _("历史库")) from error
    return duckdb


@contextmanager
def duckdb_visit(path: Path) -> Iterator[Connection]:
    """One transaction on a DuckDB file, with nobody else in it.

    Raises
    ------
    MissingExtraError
        If DuckDB is not installed.
    InputError
        If the file is no DuckDB database, cannot be read or written, or is held by another
        program for longer than the house waits.
    """
    duckdb = library()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with locked(path.with_name(f"{path.name}.lock")):
            connection = duckdb.connect(str(path))
            try:
                connection.execute("BEGIN")
                yield _DuckDB(connection)
                connection.execute("COMMIT")
            finally:
                connection.close()  # what was not committed is undone
    except TimeoutError as error:
        raise _busy(path) from error
    except duckdb.Error as error:
        raise _no_database(str(path), error) from error
    except OSError as error:
        raise unwritable(path, error) from error


def _busy(path: Path) -> InputError:
    return input_error(
        "history_busy",
        _("历史库一直被另一个程序占用。"),
        remedy=_("请等它结束后再试。"),
        file=str(path),
    )


def _no_database(where: str, error: Exception) -> InputError:
    detail = str(error).splitlines()[0] if str(error) else type(error).__name__
    return input_error(
        "history_database",
        _("历史库打不开或读写出错：{detail}", detail=detail),
        remedy=_("请核对文件或数据库地址；历史库是 greenland history add 建立的 DuckDB 文件。"),
        file=shown(where),
    )


class Database:
    """A database SQLAlchemy reaches.

    Parameters
    ----------
    url : str

    Raises
    ------
    MissingExtraError
        If SQLAlchemy is not installed.
    InputError
        If the URL is not understood, or the driver it names is not installed.
    """

    def __init__(self, url: str) -> None:
        try:
            import sqlalchemy
        except ImportError as error:
            raise MissingExtraError("history", _("历史库")) from error
        self.url = url
        self._errors = sqlalchemy.exc
        try:
            parsed = sqlalchemy.engine.make_url(url)
            self._lite = parsed.get_backend_name() == "sqlite"
            wait = {"timeout": SQLITE_WAIT_SECONDS} if self._lite else {}
            self.engine = sqlalchemy.create_engine(parsed, connect_args=wait)
        except (sqlalchemy.exc.ArgumentError, ImportError) as error:
            raise _no_database(url, error) from error
        if self._lite:
            _immediate(self.engine)

    @contextmanager
    def visit(self) -> Iterator[Connection]:
        """One transaction.

        Raises
        ------
        CollisionError
            If another visit came before; make it again.
        InputError
            If the database refuses.
        """
        errors = self._errors
        try:
            with self.engine.begin() as connection:
                yield _Alchemy(connection)
        except errors.IntegrityError as error:
            raise CollisionError(_no_database(self.url, error)) from error
        except errors.SQLAlchemyError as error:
            raise _no_database(self.url, error) from error

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()


class CollisionError(Exception):
    """Another visit came before.

    Parameters
    ----------
    told : InputError
        What people are told when it happens again and again.
    """

    def __init__(self, told: InputError) -> None:
        self.told = told
        super().__init__(str(told))


def _immediate(engine: Any) -> None:
    """Take SQLite's lock when a transaction begins: two that both read first could not write."""
    from sqlalchemy import event

    def no_begin_of_its_own(connection: Any, _record: Any) -> None:
        connection.isolation_level = None

    def begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    event.listen(engine, "connect", no_begin_of_its_own)
    event.listen(engine, "begin", begin)
