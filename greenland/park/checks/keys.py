"""Checks of what tells rows apart, and of references between tables."""

from __future__ import annotations

import pandas as pd

from greenland.errors import Severity
from greenland.i18n import _
from greenland.park.checks.base import CheckContext
from greenland.park.dictionary import SHEETS
from greenland.park.normal import listing, squeezed


def check_keys(context: CheckContext) -> None:
    """No two rows of a sheet are about the same thing."""
    for sheet in SHEETS.values():
        table = context.table(sheet.id)
        if table.empty:
            continue
        optional = [name for name in sheet.key if name == "part"]
        required = [name for name in sheet.key if name not in optional]
        keyed = table.dropna(subset=required) if required else table
        key = [keyed[name].astype("object").where(keyed[name].notna(), "") for name in sheet.key]
        if keyed.empty:
            continue
        groups = pd.MultiIndex.from_arrays(key) if len(key) > 1 else pd.Index(key[0])
        repeated = pd.Series(groups.duplicated(keep="first"), index=keyed.index)
        if not repeated.any():
            continue
        firsts = dict(zip(groups[::-1], keyed.index[::-1], strict=True))
        labels = dict(zip(keyed.index, groups, strict=True))
        names = listing(context.header(sheet.id, name) for name in sheet.key)
        context.flag(
            sheet.id,
            repeated,
            sheet.key[0],
            Severity.ERROR,
            "duplicate",
            lambda row, firsts=firsts, labels=labels, names=names: _(  # type: ignore[misc]
                "与第 {first} 行重复：{names}相同。", first=firsts[labels[row]], names=names
            ),
            _("请核对后只保留一行，或改正编号、年度。"),
            got=lambda row, labels=labels: _joined(labels[row]),
            touches=context.sheets[sheet.id].location.touches(),
        )


_DASHES = str.maketrans(dict.fromkeys("—–‐‑―_", "-"))


def check_alike_keys(context: CheckContext) -> None:
    """Parcels and projects whose numbers differ only in case or the dash may be the same."""
    for sheet, name in (("parcels", "parcel_id"), ("pipeline", "project_id")):
        codes = context.table(sheet)[name].dropna().astype(str).drop_duplicates()
        folded = codes.str.lower().str.translate(_DASHES)
        again = folded.duplicated(keep="first")
        if not again.any():
            continue
        firsts = dict(zip(folded[~again], folded.index[~again], strict=True))
        context.flag(
            sheet,
            again,
            name,
            Severity.WARNING,
            "like_another",
            lambda row, firsts=firsts, folded=folded: _(  # type: ignore[misc]
                "与第 {first} 行只有大小写或连字符的写法不同，按两个编号读取。",
                first=firsts[folded[row]],
            ),
            _("如是同一宗（项目），请只保留一行；否则请改得容易区分。"),
        )


def _joined(label: object) -> str:
    if isinstance(label, tuple):
        return " / ".join(str(part) for part in label if part != "")
    return str(label)


def check_firm_names(context: CheckContext) -> None:
    """In one year a firm's name stands for one code."""
    firms = context.table("firms").dropna(subset=["firm_id", "firm_name", "year"])
    if firms.empty:
        return
    names = firms["firm_name"].map(squeezed)
    codes = firms["firm_id"].groupby([names, firms["year"]]).transform("nunique")
    first = firms["firm_id"].groupby([names, firms["year"]]).transform("first")
    context.flag(
        "firms",
        (codes > 1) & (firms["firm_id"] != first),
        "firm_name",
        Severity.ERROR,
        "firm_twice",
        lambda row: _("同一企业名称在同一年度有两个代码，另一个是 {code}。", code=first.loc[row]),
        _("请核对是否重复填报；如确为两家企业，请写全称加以区分。"),
    )


def check_holders(context: CheckContext) -> None:
    """The firm that holds an industrial parcel is among the firms."""
    parcels, firms = context.table("parcels"), context.table("firms")
    if firms["firm_id"].dropna().empty:
        return
    held = parcels["holder_id"].notna() & (parcels["supply_state"] == "supplied")
    industrial = parcels["land_use"].isin(["industrial", "storage"])
    unknown = held & industrial & ~parcels["holder_id"].isin(firms["firm_id"])
    named = firms.dropna(subset=["firm_name", "firm_id"])
    by_name = dict(zip(named["firm_name"].map(squeezed), named["firm_id"], strict=True))
    holder_names = parcels.loc[unknown, "holder_name"].map(squeezed, na_action="ignore")
    other = holder_names.map(by_name).reindex(parcels.index)
    context.flag(
        "parcels",
        unknown & other.notna(),
        "holder_id",
        Severity.ERROR,
        "holder_code_differs",
        lambda row: _("与企业效益表中同名企业的代码 {code} 不一致。", code=other.loc[row]),
        _("请核对是哪一处写错，改为一致。"),
    )
    context.flag(
        "parcels",
        unknown & other.isna(),
        "holder_id",
        Severity.WARNING,
        "unknown_holder",
        _("企业效益表中没有这家企业。"),
        _("请核对代码；已投产企业请补充效益数据，未投产的可不处理。"),
    )


def check_references(context: CheckContext) -> None:
    """Landlords and neighbouring parcels exist."""
    firms, parcels = context.table("firms"), context.table("parcels")
    landlord = firms["landlord_id"]
    known: set[str] = set()
    if landlord.notna().any():
        known = set(firms["firm_id"].dropna().tolist()) | set(
            parcels["holder_id"].dropna().tolist()
        )
    context.flag(
        "firms",
        landlord.notna() & (landlord == firms["firm_id"]),
        "landlord_id",
        Severity.ERROR,
        "own_landlord",
        _("出租方是企业自己。"),
        _("租用他人厂房的填出租方代码，自有土地的留空。"),
    )
    context.flag(
        "firms",
        landlord.notna() & ~landlord.isin(known),
        "landlord_id",
        Severity.WARNING,
        "unknown_landlord",
        _("出租方既不在企业效益表，也不是任何宗地的使用权人。"),
        _("请核对代码，或在宗地台账中补充出租方的宗地。"),
    )
    _neighbours(context, parcels)


def _neighbours(context: CheckContext, parcels: pd.DataFrame) -> None:
    ids = set(parcels["parcel_id"].dropna().tolist())
    wrong = {
        row: [name for name in names if name not in ids or name == own]
        for row, names, own in zip(
            parcels.index.tolist(),
            parcels["adjacent_parcels"].tolist(),
            parcels["parcel_id"].tolist(),
            strict=True,
        )
        if names
    }
    context.flag(
        "parcels",
        pd.Series([bool(wrong.get(row)) for row in parcels.index.tolist()], index=parcels.index),
        "adjacent_parcels",
        Severity.WARNING,
        "unknown_neighbour",
        lambda row: _("相邻宗地“{names}”不在台账中，或就是本宗地。", names=listing(wrong[row])),
        _("请核对宗地编号；拼接供地时不会使用这些相邻关系。"),
    )
