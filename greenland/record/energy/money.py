"""Tariffs, bills and finance."""

from __future__ import annotations

from typing import Any

from greenland.record.base import RecordModel, RuleId, Said, always, cell, rows


class FixedChargeRecord(RecordModel):
    """A charge by capacity or demand."""

    item: str = always("项目")
    price: tuple[float, ...] = rows("各时段或各月的价格")
    per: str | None = cell("计价单位")


class TariffRecord(RecordModel):
    """The tariff that was chosen, without its series."""

    mode: str | None = cell("电价方式")
    billing: str | None = cell("计费方式：capacity 按容量、demand 按需量")
    voltage: str | None = cell("电压等级")
    title: Said | None = cell("名称")
    import_price_mean: float | None = cell("下网电价均值", "元/kWh")
    import_price_min: float | None = cell("下网电价最低", "元/kWh")
    import_price_max: float | None = cell("下网电价最高", "元/kWh")
    fixed: tuple[FixedChargeRecord, ...] = rows("按容量或需量的电费")
    power_factor: float | None = cell("功率因数")
    connected_kva: float | None = cell("接入容量", "kVA")


class TariffChoice(RecordModel):
    """What the supply costs under one tariff."""

    mode: str | None = cell("电价方式")
    billing: str | None = cell("计费方式")
    title: Said | None = cell("名称")
    annual_cost: float | None = cell("年供电总成本", "元/年")
    chosen: bool = always("是否采用")
    note: Said | None = cell("说明")


class BillItem(RecordModel):
    """An item of a bill over the whole horizon."""

    item: str = always("项目")
    title: Said | None = cell("名称")
    quantity: float | None = cell("数量，单位见 unit")
    unit: str | None = cell("单位")
    price: float | None = cell("平均单价，元/单位")
    yuan: float | None = cell("金额", "元")
    rule_id: RuleId | None = cell("条款")


class BillRecord(RecordModel):
    """A bill."""

    title: Said | None = cell("电价方式的名称")
    years: float | None = cell("账单所含年数", "年")
    total_yuan: float | None = cell("合计", "元")
    yuan_per_year: float | None = cell("年均", "元/年")
    items: tuple[BillItem, ...] = rows("逐项")
    monthly: tuple[dict[str, Any], ...] = rows("逐月金额，元，键 month 以外为项目")


class BillsRecord(RecordModel):
    """The bill if all came from the grid, and that of the plan."""

    grid_only: BillRecord = always("全部网购的电费")
    plan: BillRecord | None = cell("方案的电费")
    saving_yuan: float | None = cell("电费年节约", "元/年")
    saving_horizon_yuan: float | None = cell("全期电费节约", "元")


class CashFlowYear(RecordModel):
    """Cash flows of one year; income is positive."""

    year: int = always("年度；0 为建设期的最后一年，负数为更早的建设年")
    investment: float | None = cell("初投资", "元")
    replacement: float | None = cell("更新重置", "元")
    residual: float | None = cell("期末残值", "元")
    working_capital: float | None = cell("流动资金投入（负）和回收", "元")
    opex: float | None = cell("运行维护", "元")
    other: float | None = cell("其他运行费用", "元")
    bought: float | None = cell("购电费", "元")
    grid_energy: float | None = cell("下网电量电费", "元")
    grid_fixed: float | None = cell("容量、需量电费", "元")
    self_use_charges: float | None = cell("自用电量基金等", "元")
    export_income: float | None = cell("上网收入", "元")
    avoided_bill: float | None = cell("免付的全部下网电费", "元")
    sales: float | None = cell("售电收入", "元")
    vat: float | None = cell("增值税", "元")
    surtax: float | None = cell("附加税费", "元")
    refund: float | None = cell("增值税即征即退", "元")
    before_tax: float | None = cell("所得税前净现金流", "元")
    income_tax: float | None = cell("调整所得税", "元")
    net: float | None = cell("净现金流", "元")
    cumulative: float | None = cell("累计净现金流", "元")
    discounted: float | None = cell("折现净现金流", "元")
    cumulative_discounted: float | None = cell("累计折现净现金流", "元")
    loan: float | None = cell("借款", "元")
    principal: float | None = cell("还本", "元")
    interest: float | None = cell("付息", "元")
    income_tax_financed: float | None = cell("所得税（融资后）", "元")
    equity_net: float | None = cell("资本金净现金流", "元")


class OperationYear(RecordModel):
    """Energies and amounts of one year of operation."""

    year: int = always("年度")
    load: float | None = cell("用电", "MWh")
    generation: float | None = cell("发电", "MWh")
    delivered: float | None = cell("弃电后发电", "MWh")
    green: float | None = cell("绿电供负荷", "MWh")
    grid: float | None = cell("下网", "MWh")
    export: float | None = cell("上网", "MWh")
    grid_energy: float | None = cell("下网电量电费", "元")
    grid_fixed: float | None = cell("容量、需量电费", "元")
    self_use_charges: float | None = cell("自用电量基金等", "元")
    export_income: float | None = cell("上网收入", "元")
    import_peak: float | None = cell("最大下网功率", "MW")
    not_green: float | None = cell("不计为绿电的机组供负荷", "MWh")
    fuel_tco2: float | None = cell("燃料排放", "tCO2")


class StatementTerm(RecordModel):
    """A row that another follows from."""

    row: str = always("报表.行")
    factor: float = always("系数，只用于相加")


class StatementRow(RecordModel):
    """A row of a financial statement."""

    row: str = always("行的代码")
    number: str = always("序号")
    follows: str = always("given 给定、sum 各项乘系数相加、product 相乘、quotient 相除")
    of: tuple[StatementTerm, ...] = rows("由哪些行得出")
    carried: str | None = cell("另加本表该行上一年的数")
    values: tuple[float | None, ...] = rows("逐年，元；比率和倍数无单位")
    total: float | None = cell("合计", "元")


class StatementRecord(RecordModel):
    """A financial statement of a feasibility study."""

    statement: str = always(
        "funding 总投资使用计划与资金筹措表、loan 借款还本付息计划表、costs 总成本费用表、"
        "profit 利润与利润分配表、cover 偿债能力、project 项目投资现金流量表、"
        "equity 项目资本金现金流量表"
    )
    years: tuple[int, ...] = rows("年度；1 为投产第一年，0 和负数为建设期")
    rows: tuple[StatementRow, ...] = rows("各行")


class FinanceRecord(RecordModel):
    """The project over its years."""

    role: str = always("投资主体：load 负荷方、generator 发电方")
    years: int | None = cell("计算期", "年")
    discount_rate: float | None = cell("折现率", "share")
    capex: float | None = cell("初投资", "元")
    npv: float | None = cell("净现值", "元")
    irr: float | None = cell("内部收益率", "share")
    irr_all: tuple[float, ...] = rows("内部收益率的全部解")
    npv_before_tax: float | None = cell("净现值（所得税前）", "元")
    irr_before_tax: float | None = cell("内部收益率（所得税前）", "share")
    payback_before_tax_years: float | None = cell("静态回收期（所得税前）", "年")
    payback_years: float | None = cell("静态回收期", "年")
    payback_discounted_years: float | None = cell("动态回收期", "年")
    equity_irr: float | None = cell("资本金内部收益率", "share")
    lcoe: float | None = cell("度电成本", "元/kWh")
    blended_price: float | None = cell("综合电价", "元/kWh")
    green_price: float | None = cell("绿电电价", "元/kWh")
    grid_price: float | None = cell("网电电价", "元/kWh")
    contract_price: float | None = cell("合同电价", "元/kWh")
    load_saving: float | None = cell("负荷方年节省", "元/年")
    grid_only_annual_cost: float | None = cell("全部网购的年成本", "元/年")
    annual_cost: float | None = cell("年供电总成本", "元/年")
    annual_saving: float | None = cell("比全部下网年节省", "元/年")
    sized_annual_cost: float | None = cell("定容时的年供电总成本", "元/年")
    notes: tuple[Said, ...] = rows("备注")
    rule_ids: tuple[RuleId, ...] = rows("所用税率、衰减等的条款")
    cash_flow: tuple[CashFlowYear, ...] = rows("现金流量")
    operation: tuple[OperationYear, ...] = rows("各年运行")
    total_investment: float | None = cell("总投资：建设投资、建设期利息、流动资金", "元")
    construction_interest: float | None = cell("建设期利息", "元")
    working_capital: float | None = cell("流动资金", "元")
    deductible_investment_tax: float | None = cell("建设投资中可抵扣的增值税", "元")
    own_capital: float | None = cell("资本金：总投资减借款", "元")
    construction_years: float | None = cell("建设期", "年")
    payback_construction_years: float | None = cell("静态回收期（从建设开始）", "年")
    payback_construction_before_tax_years: float | None = cell(
        "静态回收期（从建设开始，所得税前）", "年"
    )
    npv_construction_start: float | None = cell("净现值（折到建设期初）", "元")
    return_on_investment: float | None = cell("总投资收益率", "share")
    return_on_equity: float | None = cell("资本金净利润率", "share")
    dscr_min: float | None = cell("偿债备付率最低值")
    dscr_mean: float | None = cell("偿债备付率平均值")
    icr_min: float | None = cell("利息备付率最低值")
    icr_mean: float | None = cell("利息备付率平均值")
    tax_annual_cost: float | None = cell("未进入定容目标的税，折年", "元/年")
    statements: tuple[StatementRecord, ...] = rows("财务报表")
