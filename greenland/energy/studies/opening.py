"""Any case of a study, opened: evaluated in full, as a case file of its own would be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from greenland.energy.case.loading import rulebook_of
from greenland.energy.evaluate import evaluate_case
from greenland.energy.given_design import evaluate_design
from greenland.energy.result import EnergyResult
from greenland.energy.studies.bench import Bench
from greenland.energy.studies.held import held_sizes
from greenland.energy.studies.reading import StudyBase
from greenland.energy.studies.task import TaskKind
from greenland.errors import input_error
from greenland.i18n import _
from greenland.yamlfile import nearest

OF_YEAR = ":"
"""Between the name of a robust sizing and that of the year in which it is opened."""


def open_case(base: StudyBase, record: Mapping[str, Any], name: str) -> EnergyResult:
    """Evaluate one case of a study in full.

    Parameters
    ----------
    base : StudyBase
    record : mapping
        Of the study, as ``study.json`` holds it.
    name : str
        Of the case; of a robust sizing with the year, such as ``mean:2019``.

    Returns
    -------
    EnergyResult
        Of the changed case; where the study held sizes, or found them otherwise than by sizing,
        of the dispatch of these.

    Raises
    ------
    InputError
        If there is no such case, or it has no sizes.
    """
    cases = {str(one["name"]): one for one in record["cases"]}
    wanted, _colon, year = name.partition(OF_YEAR)
    if wanted not in cases:
        guess = nearest(wanted, list(cases))
        raise input_error(
            "study_case_name",
            _("研究中没有算例“{name}”。", name=wanted),
            remedy=_("是否应为“{guess}”？", guess=guess) if guess else "",
            got=name,
            allowed="、".join([*cases][:40]),
        )
    found = cases[wanted]
    changes = dict(found["changes"])
    kind = TaskKind(found["kind"])
    if kind is TaskKind.ROBUST:
        changes |= _of_year(base, name, year)
    study = base.study
    bench = Bench(base.tree, base.case_path.parent, base.case_path.name, study.engine)
    loaded = bench.loaded(changes)
    rules = rulebook_of(loaded).consulted()
    if kind in (TaskKind.SIZE, TaskKind.EVALUATE):
        return replace(evaluate_case(loaded, rules), rulebook=rules)
    sizes = found.get("capacities")
    if not sizes:
        raise input_error(
            "study_case_name",
            _("算例“{name}”没有可行方案，打不开。", name=name),
            got=found["status"],
        )
    held = held_sizes(bench.site(loaded), sizes)
    return replace(evaluate_design(loaded, rules, held).result, rulebook=rules)


def _of_year(base: StudyBase, name: str, year: str) -> dict[str, Any]:
    asked = base.study.robust
    years = {} if asked is None else asked.years
    if year not in years:
        raise input_error(
            "study_case_name",
            _(
                "请写明在哪一年打开，如 {example}。",
                example=f"{name}{OF_YEAR}{next(iter(years), '')}",
            ),
            got=name,
            allowed="、".join(years),
        )
    return dict(years[year])
