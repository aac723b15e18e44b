"""再配置: which project gets which land."""

from __future__ import annotations

from greenland.record.base import Evaluated, RecordModel, Said, always, cell, rows


class Assignment(RecordModel):
    """A project that was placed."""

    project_id: str | None = cell("项目编号")
    project_name: str | None = cell("项目")
    parcel_ids: tuple[str, ...] = rows("所用宗地")
    area_mu: float | None = cell("配置面积", "亩")
    benefit: float | None = cell("效益，单位随目标")


class LandPiece(RecordModel):
    """Land of one parcel that one project gets."""

    project_id: str | None = cell("项目编号")
    parcel_id: str | None = cell("宗地编号")
    area_mu: float | None = cell("配置面积", "亩")
    source: str | None = cell("来源：exit 退出、stock 存量、available 可供")


class Shortfall(RecordModel):
    """What a project that was not placed lacks."""

    resource: str = always("所缺的资源")
    needed: float | None = cell("需要量")
    available: float | None = cell("可用量")
    short: float | None = cell("差额")


class PlacedProject(RecordModel):
    """A project of the pipeline and whether it was placed."""

    project_id: str | None = cell("项目编号")
    project_name: str | None = cell("项目")
    placed: bool = always("是否落位")
    area_mu: float | None = cell("配置面积", "亩")
    requested_area_mu: float | None = cell("申请面积", "亩")
    benefit: float | None = cell("效益，单位随目标")
    greedy_placed: bool = always("逐项安排时是否落位")
    reason: Said | None = cell("未落位的原因")
    remedy: Said | None = cell("处理办法")
    shortfalls: tuple[Shortfall, ...] = rows("所缺的资源")


class OfferedParcel(RecordModel):
    """A parcel on offer and what is used of it."""

    parcel_id: str | None = cell("宗地编号")
    area_mu: float | None = cell("可配置面积", "亩")
    used_mu: float | None = cell("已配置面积", "亩")
    left_mu: float | None = cell("剩余面积", "亩")
    land_use: str | None = cell("土地用途")
    source: str | None = cell("来源：exit 退出、stock 存量、available 可供")


class ResourceLimit(RecordModel):
    """A limit of the park's own on what may be allocated."""

    limit: str = always("约束")
    value: float | None = cell("上限")
    used: float | None = cell("已用")


class ReallocationRecord(Evaluated):
    """再配置."""

    status: str = always("求解状态")
    objective: float | None = cell("目标值，单位随目标：税收、营业收入为万元/年，得分为分")
    objective_name: str = always("目标：tax 税收、revenue 营业收入、score 得分")
    greedy_objective: float | None = cell("逐项安排的目标值")
    bound: float | None = cell("理论上界")
    gap: float | None = cell("与上界的差距", "share")
    seconds: float | None = cell("求解用时，进到整秒", "s")
    assignments: tuple[Assignment, ...] = rows("项目落位方案")
    pieces: tuple[LandPiece, ...] = rows("地块划分")
    projects: tuple[PlacedProject, ...] = rows("各项目配置结果")
    parcels: tuple[OfferedParcel, ...] = rows("可配置地块使用情况")
    limits: tuple[ResourceLimit, ...] = rows("园区自定的上限")
    notes: tuple[Said, ...] = rows("备注")
