"""绿电直连: the energy part as a whole."""

from __future__ import annotations

from greenland.record.base import Evaluated, always, cell, rows
from greenland.record.energy.case import AssumptionRecord, CaseRecord, PackRecord, SeriesRecord
from greenland.record.energy.facts import (
    ComparedSize,
    InvestmentItem,
    LoadRecord,
    LossRecord,
    ResourceRecord,
)
from greenland.record.energy.judged import (
    CarbonRecord,
    ChecklistItem,
    ComplianceCheck,
    StudyRecord,
    UserShare,
)
from greenland.record.energy.money import BillsRecord, FinanceRecord, TariffChoice, TariffRecord
from greenland.record.energy.plan import CrossCheckRecord, PlanRecord
from greenland.record.problems import ProblemRecord


class EnergyRecord(Evaluated):
    """Everything known about the energy of a park."""

    case: CaseRecord = always("案例")
    packs: tuple[PackRecord, ...] = rows("加载的规则包，由通用到地方")
    assumptions: tuple[AssumptionRecord, ...] = rows("测算的假设")
    plan: PlanRecord = always("规模方案")
    load: LoadRecord | None = cell("负荷的特征")
    resource: ResourceRecord | None = cell("风光资源")
    losses: LossRecord | None = cell("可用发电量的去向")
    investment: tuple[InvestmentItem, ...] = rows("初投资逐项")
    size_comparison: tuple[ComparedSize, ...] = rows("推荐规模前后的规模对比；申报材料才有")
    tariff: TariffRecord | None = cell("采用的电价；离网的没有")
    tariffs: tuple[TariffChoice, ...] = rows("各种电价方式分别定容的结果")
    compliance: tuple[ComplianceCheck, ...] = rows("约束核查")
    checklist: tuple[ChecklistItem, ...] = rows("申报核对清单")
    users: tuple[UserShare, ...] = rows("多用户电量分摊")
    bill: BillsRecord | None = cell("电费")
    finance: FinanceRecord | None = cell("财务")
    carbon: CarbonRecord | None = cell("碳排放")
    cross_check: CrossCheckRecord | None = cell("两个求解器各自的最优方案；案例要求时才有")
    study: StudyRecord | None = cell("情景研究")
    series: tuple[SeriesRecord, ...] = rows("曲线的来源与质量")
    warnings: tuple[ProblemRecord, ...] = rows("对输入的疑问")
    preview: bool = always("是否预估：部分输入为默认值")
