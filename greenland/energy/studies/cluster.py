"""Tasks of a study on an existing Dask cluster.

Dask hands the tasks out, and does those of a worker that is gone on another. Workers need the same
code, and the case's folder under the same path; both are asked before anything is computed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from threadpoolctl import threadpool_limits

from greenland.energy.studies.reading import StudyBase
from greenland.energy.studies.task import code_digest
from greenland.errors import MissingExtraError, input_error
from greenland.i18n import _, language, use_language
from greenland.workers import Outcome

WAIT_SECONDS = 10
"""How long a scheduler may take to answer, and a cluster to have a worker."""


class DaskCrew:
    """The workers of a Dask scheduler.

    Parameters
    ----------
    scheduler : str
        Its address, such as ``tcp://10.0.0.5:8786``.
    base : StudyBase

    Raises
    ------
    MissingExtraError
        If Dask is not installed here.
    InputError
        If the scheduler does not answer, has no workers, or has some that cannot do the study.
    """

    def __init__(self, scheduler: str, base: StudyBase) -> None:
        try:
            from distributed import Client
        except ImportError as error:
            raise MissingExtraError("cluster", _("在 Dask 集群上计算")) from error
        try:
            self.client = Client(scheduler, timeout=WAIT_SECONDS, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as error:
            raise input_error(
                "study_scheduler",
                _("连不上 Dask 调度器：{detail}", detail=str(error)),
                remedy=_("请检查地址和端口，以及调度器是否在运行。"),
                got=scheduler,
            ) from error
        try:
            self._require_workers(scheduler, base)
        except BaseException:
            self.client.close()
            raise

    def _require_workers(self, scheduler: str, base: StudyBase) -> None:
        try:
            self.client.wait_for_workers(1, timeout=WAIT_SECONDS)
        except TimeoutError as error:
            raise input_error(
                "study_workers", _("Dask 集群没有工作进程。"), got=scheduler
            ) from error
        told = self.client.run(_probe, str(base.case_path.resolve()))
        others = sorted(name for name, (code, _there) in told.items() if code != code_digest())
        if others:
            raise input_error(
                "study_workers",
                _("有工作进程的 greenland 与本机不是同一版本。"),
                remedy=_("请在各机安装同一版本后重启工作进程。"),
                got="、".join(others),
            )
        blind = sorted(name for name, (_code, there) in told.items() if not there)
        if blind:
            raise input_error(
                "study_workers",
                _("有工作进程读不到案例文件 {file}。", file=str(base.case_path.resolve())),
                remedy=_("案例文件夹要在各机的同一路径下。"),
                got="、".join(blind),
            )

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave the cluster; what it has not begun is called off."""
        self.client.close()

    def prepare(self, work: Callable[[Any], Any]) -> None:
        """Nothing: the workers of a cluster are there."""

    def stream(self, work: Callable[[Any], Any], items: Sequence[Any]) -> Iterator[Outcome]:
        """Do *work* on every item; outcomes in the order in which they come."""
        from distributed import as_completed

        shared = self.client.scatter(work, broadcast=True, hash=False)
        futures = {
            self.client.submit(_do, shared, item, language(), pure=False): number
            for number, item in enumerate(items)
        }
        try:
            for future in as_completed(list(futures), loop=self.client.loop):
                number = futures.pop(future)
                if future.status == "finished":
                    yield Outcome(number, future.result())
                else:
                    error = future.exception()
                    yield Outcome(number, error=error or RuntimeError(future.status))
                future.release()
        finally:
            self.client.cancel(list(futures))


def _do(work: Callable[[Any], Any], item: Any, spoken: str) -> Any:
    """Do a task in a worker, with one thread: the cluster has one worker for each CPU."""
    with use_language(spoken), threadpool_limits(1):
        return work(item)


def _probe(path: str) -> tuple[str, bool]:
    """What a worker is: its code, and whether it can read the case."""
    return code_digest(), Path(path).is_file()
