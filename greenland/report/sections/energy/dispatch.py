"""The chapter on the year hour by hour."""

from __future__ import annotations

from greenland.i18n import _
from greenland.report.blocks import Section
from greenland.report.charts import dispatch, year
from greenland.report.hours import Hours
from greenland.report.sections.common import some


def section(hours: Hours | None) -> Section | None:
    """The year hour by hour."""
    if hours is None:
        return None
    lead: str = _("调度序列按小时给出，以下各图均由同一序列绘出。")
    if hours.step > 1:
        lead = _(
            "调度序列每 {hours} 小时一步，步内取平均；以下各图均由同一序列绘出。", hours=hours.step
        )
    if hours.of_a_year < 1:
        lead += _("曲线不足一年，图中只画所给的时段；全年电量按时长折算。")
    if hours.apart:
        lead += _("曲线是互不相接的几个气象年，图中只画第一个。")
    elif hours.cut:
        lead += _("序列超过一年，图中只画第一年。")
    blocks = some(
        (
            year.monthly_balance(hours),
            dispatch.overview(hours),
            dispatch.dispatch(hours),
            year.green_heat(hours),
            year.import_heat(hours),
            year.storage_state(hours),
            year.duration_curves(hours),
        )
    )
    return Section("energy-dispatch", _("绿电直连：全年调度"), lead, blocks)
