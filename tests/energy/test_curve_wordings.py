"""What a header or a cell says of the readings beside the unit: used, or refused, never dropped."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from each import for_each

from greenland.energy.profiles.load import meter
from greenland.energy.profiles.load.bill_table import read_bills
from greenland.energy.tariff.config import SeriesFile
from greenland.energy.tariff.price_file import read_price_file
from greenland.errors import InputError

HOURS = pd.date_range("2025-01-01", periods=48, freq="h")


def load(path: Path, header: str, value: Callable[[int], object], **known: object) -> pd.Series:
    lines = [f"{time:%Y-%m-%d %H:%M},{value(n)}" for n, time in enumerate(HOURS)]
    path.write_text("\n".join([f"时间,{header}", *lines]), encoding="utf-8")
    return meter.load(path, meter.MeterFormat(**known))  # type: ignore[arg-type]


@pytest.mark.parametrize("mark", ["③", "¹", "²", "❷", "⑴"])
def test_a_footnote_mark_is_no_digit(tmp_path: Path, mark: str) -> None:
    """5③ folds to 53."""
    series = load(tmp_path / "load.csv", "负荷(MW)", lambda n: f"5{mark}" if n == 7 else 5)
    assert series.max() == 5.0
    codes = [problem["code"] for problem in series.attrs["quality"]["problems"]]
    assert "reading_no_number" in codes


@pytest.mark.parametrize(
    "header", ["电量(kWh×10)", "电量（kWh*100）", "有功功率(kW)x10", "电量/度×10"]
)
def test_a_factor_behind_the_unit_is_asked_for(tmp_path: Path, header: str) -> None:
    path = tmp_path / "load.csv"
    with pytest.raises(InputError, match="单位后面写有乘数"):
        load(path, header, lambda n: 100 + n % 3)
    once = load(path, header, lambda n: 100 + n % 3, multiplier=1).sum()
    assert load(path, header, lambda n: 100 + n % 3, multiplier=10).sum() == pytest.approx(
        10 * once
    )


def test_the_number_of_units_is_no_factor(tmp_path: Path) -> None:
    assert load(tmp_path / "load.csv", "1×10MW 机组 有功(MW)", lambda n: 5 + n % 3).sum() == 288.0


def test_ratios_in_the_header(tmp_path: Path) -> None:
    """0.25 kW at CT 200 and PT 100 are 5 MW."""
    series = load(tmp_path / "load.csv", "负荷(kW)(CT=200 PT=100)", lambda n: 0.25 + n % 2 * 0.01)
    assert series.iloc[0] == 5.0


@pytest.mark.parametrize("header", ["正向有功总(示数 kWh)", "正向有功电能示值(kWh)", "电量(kWh)"])
@pytest.mark.parametrize("digits", [4, 6])
def test_a_register_that_turns_is_still_one(tmp_path: Path, header: str, digits: int) -> None:
    """Half a kWh an hour, over the end of the counter."""
    path = tmp_path / "load.csv"

    def read(n: int) -> float:
        return (10**digits - 10 + n * 0.5) % 10**digits

    with pytest.raises(InputError, match="像是电表示数"):
        load(path, header, read)
    series = load(path, header, read, register=True)
    assert series.sum() == pytest.approx(47 * 0.5e-3)


def test_wide_letters_in_a_header(tmp_path: Path) -> None:
    assert load(tmp_path / "load.csv", "负荷（ＭＷ）", lambda n: 5 + n % 3).sum() == 288.0


@pytest.mark.parametrize("name", ["乘率", "互感器变比", "计量系数"])
@pytest.mark.parametrize("cell", ["2000", "2000:1"])
def test_every_word_for_a_multiplier(tmp_path: Path, name: str, cell: str) -> None:
    path = tmp_path / "load.csv"
    lines = [f"{time:%Y-%m-%d %H:%M},{n % 3 + 1},{cell}" for n, time in enumerate(HOURS)]
    path.write_text("\n".join([f"时间,电量(kWh),{name}", *lines]), encoding="utf-8")
    assert meter.load(path).sum() == pytest.approx(96 * 2.0)


@pytest.mark.parametrize("where", ["title", "note"])
@pytest.mark.parametrize("words", ["倍率：2000", "数据需乘以2000", "以上为二次侧数据"])
def test_what_titles_and_notes_say_of_the_multiplier(
    tmp_path: Path, where: str, words: str
) -> None:
    path = tmp_path / "load.csv"
    lines = [f"{time:%Y-%m-%d %H:%M},{n % 3 + 1}" for n, time in enumerate(HOURS)]
    table = ["时间,电量(kWh)", *lines]
    table = [words, *table] if where == "title" else [*table, f"注：{words}"]
    path.write_text("\n".join(table), encoding="utf-8")
    if "二次" in words:
        with pytest.raises(InputError, match=r"二次侧.*--multiplier"):
            meter.load(path)
        assert meter.load(path, meter.MeterFormat(multiplier=2000)).sum() == pytest.approx(192)
    else:
        assert meter.load(path).sum() == pytest.approx(192)


def test_a_load_per_unit_is_asked_about(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="标幺值"):
        load(tmp_path / "load.csv", "负荷(pu)", lambda n: 0.5 + n % 3 / 10)


def test_columns_of_quarter_hours_are_no_numbered_hours(tmp_path: Path) -> None:
    """0.25, 0.5 … 24: only the whole hours look like the numbers of slots."""
    path = tmp_path / "load.csv"
    head = ",".join(f"{quarter / 4:g}" for quarter in range(1, 97))
    days = [f"2025-01-0{day}," + ",".join(["5"] * 96) for day in range(1, 4)]
    path.write_text("\n".join(["负荷(MW)", f"日期,{head}", *days]), encoding="utf-8")
    with pytest.raises(InputError, match="不成完整的一日"):
        meter.load(path)


def test_totals_of_days_among_the_readings(tmp_path: Path) -> None:
    """Named, or headings of pages, they are left out; under the date alone they are refused."""
    path = tmp_path / "load.csv"

    def written(total: str, page: str = "") -> Path:
        lines = []
        for n, time in enumerate(HOURS):
            lines += [page, "时间,负荷(MW)"] if page and n % 24 == 0 else []
            lines += [f"{time:%Y-%m-%d %H:%M},{5 + n % 3}"]
            lines += [f"{time:%Y-%m-%d}{total},144"] if n % 24 == 23 else []
        path.write_text("\n".join(["时间,负荷(MW)", *lines]), encoding="utf-8")
        return path

    assert meter.load(written("合计")).sum() == 288.0
    assert meter.load(written("合计", "第1页,")).sum() == 288.0
    with pytest.raises(InputError, match=r"第26行.*只有日期没有时刻"):
        meter.load(written(""))


@pytest.mark.parametrize(
    ("words", "times"),
    [
        ("以上数据需乘以倍率20", 20),
        ("请乘以倍率：20", 20),
        ("不含倍率，倍率：20", 20),
        ("数据乘以倍率后为实际负荷，倍率20", 20),
        ("已乘倍率20", 1),
        ("数据已经乘以倍率（20）", 1),
        ("含倍率20", 1),
    ],
)
def test_words_about_a_multiplier_that_is_or_is_not_in_the_readings(
    tmp_path: Path, words: str, times: int
) -> None:
    path = tmp_path / "load.csv"
    lines = [f"{time:%Y-%m-%d %H:%M},{5 + n % 3}" for n, time in enumerate(HOURS)]
    path.write_text("\n".join(["时间,负荷(MW)", *lines, f"注：{words},"]), encoding="utf-8")
    assert meter.load(path).sum() == pytest.approx(
        times * sum(5 + n % 3 for n in range(len(HOURS)))
    )


@pytest.mark.parametrize("header", ["负荷(kW/MW)", "负荷 kW（MW）", "电量(kWh或万kWh)"])
def test_two_units_in_a_name_are_asked_about(tmp_path: Path, header: str) -> None:
    path = tmp_path / "load.csv"
    lines = [f"{time:%Y-%m-%d %H:%M},{5 + n % 3}" for n, time in enumerate(HOURS)]
    path.write_text("\n".join([f"时间,{header}", *lines]), encoding="utf-8")
    with pytest.raises(InputError, match="写着几种单位，不知道读数是哪一种"):
        meter.load(path)


def test_one_unit_written_twice_in_a_name_is_one(tmp_path: Path) -> None:
    path = tmp_path / "load.csv"
    lines = [f"{time:%Y-%m-%d %H:%M},5" for time in HOURS]
    path.write_text("\n".join(["时间,负荷 千瓦(kW)", *lines]), encoding="utf-8")
    assert meter.load(path).sum() == pytest.approx(0.005 * len(HOURS))


def test_two_units_of_a_column_of_bills_are_asked_about(tmp_path: Path) -> None:
    path = tmp_path / "bill.csv"
    path.write_text("月份,总电量(kWh/万kWh)\n2025-01,120000\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"单位无法识别，或不是这一项的单位.*kWh、万kWh"):
        read_bills(path)


def test_prices_without_tax_are_asked_about(tmp_path: Path) -> None:
    path = tmp_path / "price.csv"
    lines = [f"{time:%Y-%m-%d %H:%M},{300 + n}" for n, time in enumerate(HOURS)]
    path.write_text("\n".join(["时间,电价(元/MWh，不含税)", *lines]), encoding="utf-8")
    with pytest.raises(InputError, match=r"不含税.*1\.13"):
        read_price_file(path, SeriesFile(file=path.name), HOURS)
    prices = read_price_file(path, SeriesFile(file=path.name, scale=0.00113), HOURS)
    assert prices.series.iloc[0] == pytest.approx(0.339)


@pytest.mark.parametrize(
    ("unit", "factor"),
    [("千元/MWh", 1.0), ("百元/MWh", 10.0), ("亿元/亿kWh", None), ("万元/MWh", 0.1)],
)
def test_money_in_multiples_is_no_plain_yuan(
    tmp_path: Path, unit: str, factor: float | None
) -> None:
    path = tmp_path / "price.csv"
    lines = [f"{time:%Y-%m-%d %H:%M},{0.3 * (factor or 1)}" for time in HOURS]
    path.write_text("\n".join([f"时间,电价({unit})", *lines]), encoding="utf-8")
    if factor is None:  # 亿kWh is none we know
        with pytest.raises(InputError, match="不认识价格的单位"):
            read_price_file(path, SeriesFile(file=path.name), HOURS)
    else:
        found = read_price_file(path, SeriesFile(file=path.name), HOURS).series
        assert found.iloc[0] == pytest.approx(0.3)


def test_two_units_of_prices_in_a_name_are_asked_about(tmp_path: Path) -> None:
    path = tmp_path / "price.csv"
    lines = [f"{time:%Y-%m-%d %H:%M},0.3" for time in HOURS]
    path.write_text("\n".join(["时间,电价(元/kWh或元/MWh)", *lines]), encoding="utf-8")
    with pytest.raises(InputError, match="表头写着几种价格的单位；实际为“元/kwh、元/mwh”"):
        read_price_file(path, SeriesFile(file=path.name), HOURS)


@pytest.mark.parametrize(
    ("head", "note", "words"),
    [
        ("总电量(kWh)", "注：表中电量未乘倍率，倍率为40", "表中注明电量未乘倍率"),
        ("总电量(kWh)", "以上电量需乘以倍率40", "表中注明电量未乘倍率"),
        ("总电量(kWh，未乘倍率)", "", "表中注明电量未乘倍率"),
        ("总电量(kWh×100)", "", "单位后面写有乘数，无法判断读数是否已乘"),
    ],
)
def test_bills_that_have_yet_to_be_multiplied_are_refused(
    tmp_path: Path, head: str, note: str, words: str
) -> None:
    path = tmp_path / "bill.csv"
    path.write_text(f'月份,"{head}"\n2025-01,1000\n{note},\n', encoding="utf-8")
    with pytest.raises(InputError, match=words):
        read_bills(path)


@pytest.mark.parametrize(
    ("prices", "units"),
    [
        ((300.0, 450.0), "元/MWh、厘/kWh"),
        ((30.0, 45.0), "分/kWh"),
        ((3000.0, 4500.0), "元/万kWh"),
        ((0.0, 450.0), "元/MWh、厘/kWh"),
        ((0.3, 3.0), ""),  # no unit makes both usual
    ],
)
def test_prices_without_a_unit_are_asked_about(
    tmp_path: Path, prices: tuple[float, float], units: str
) -> None:
    path = tmp_path / "price.csv"
    lines = [f"{time:%Y-%m-%d %H:%M},{prices[n % 2]}" for n, time in enumerate(HOURS)]
    path.write_text("\n".join(["时间,电价", *lines]), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_price_file(path, SeriesFile(file=path.name), HOURS)
    (problem,) = caught.value.problems
    assert "是哪种单位？" in problem.message
    assert problem.remedy.startswith(f"看来可能是 {units}。" if units else "请在表头写明单位")


@pytest.mark.parametrize("prices", [(0.05, 2.0), (-0.1, 0.4), (0.0, 0.0)])
def test_usual_prices_without_a_unit_are_yuan_per_kwh(
    tmp_path: Path, prices: tuple[float, float]
) -> None:
    path = tmp_path / "price.csv"
    lines = [f"{time:%Y-%m-%d %H:%M},{prices[n % 2]}" for n, time in enumerate(HOURS)]
    path.write_text("\n".join(["时间,电价", *lines]), encoding="utf-8")
    found = read_price_file(path, SeriesFile(file=path.name), HOURS)
    assert "“电价”列没有写明单位，按元/kWh计。" in found.notes
    assert found.series.tolist() == [prices[n % 2] for n in range(len(HOURS))]


def test_a_bill_whose_title_speaks_of_a_multiplier(tmp_path: Path) -> None:
    path = tmp_path / "bill.csv"
    rows = "\n".join(["月份,总电量(kWh)", *(f"2025-{month:02d},50" for month in range(1, 13))])
    path.write_text(f"倍率：2000\n{rows}", encoding="utf-8")
    (said,) = read_bills(path).assumptions
    assert "按已乘“倍率:2000”计" in said.message.replace("：", ":")
    path.write_text(f"二次侧数据\n{rows}", encoding="utf-8")
    with pytest.raises(InputError, match="二次侧"):
        read_bills(path)


def test_another_unit_halfway_down(tmp_path: Path) -> None:
    """A line of units or a header again, with another unit: half the curve would be wrong."""
    path = tmp_path / "load.csv"
    lines = [f"{time:%Y-%m-%d %H:%M},{5 + n % 3}" for n, time in enumerate(HOURS)]

    def check(between: tuple[str, str, bool]) -> None:
        header, line, same = between
        path.write_text("\n".join([header, *lines[:24], line, *lines[24:]]), encoding="utf-8")
        if same:
            assert meter.load(path).sum() == 288.0
            return
        with pytest.raises(InputError, match="数据中间又写了单位") as caught:
            meter.load(path)
        assert caught.value.problems[0].row == 26

    for_each(
        [
            ("时间,负荷(MW)", "单位：kW", False),
            ("时间,负荷(MW)", "时间,负荷(kW)", False),
            ("单位：MW\n时间,负荷", "时间,负荷(MW)", True),
            ("时间,负荷(MW)", "单位：MW", True),
        ],
        check,
        str,
    )


def test_full_width_digits(tmp_path: Path) -> None:
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    assert load(tmp_path / "load.csv", "负荷(MW)", lambda n: str(n).translate(wide)).sum() == 1128
