"""One table written in one of the many ways offices write it, with the truth beside it.

Everything is drawn from a seed: values, units, layout, header, format of dates and numbers,
workbook or CSV. The truth is computed from exact fractions, not by the package. All data are
invented.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import xlsxwriter

from greenland.park import SHEETS
from greenland.park.codes import credit_code
from greenland.park.dictionary import Column, ColumnType, choices, column

COLUMNS = {
    "parcels": "parcel_id holder_id holder_name area_mu land_use supply_state standard_land "
    "supply_date land_price_wan industry_code agreed_start_date floor_area_m2 green_m2 "
    "promised_green_ratio",
    "firms": "firm_id firm_name year above_scale industry_code land_mu tax_wan revenue_wan "
    "electricity_mwh water_m3 employees firm_state",
    "pipeline": "project_id project_name industry_code requested_area_mu fixed_investment_wan "
    "tax_wan building_coefficient green_ratio expected_start_date",
    "land_use": "year code area_ha",
    "supply_history": "year supplied_ha industrial_supplied_ha standard_land_ha",
}
_MU = Fraction(2000, 3)  # m², by definition 10000/15
AREA = {
    "亩": _MU, "公顷": Fraction(10000), "㎡": Fraction(1), "平方米": Fraction(1),
    "万㎡": Fraction(10000), "m²": Fraction(1), "平方公里": Fraction(10**6), "hm²": Fraction(10000),
}  # fmt: skip
MONEY = {
    "万元": Fraction(10**4),
    "元": Fraction(1),
    "千元": Fraction(1000),
    "亿元": Fraction(10**8),
}
POWER = {
    "MWh": Fraction(1000), "kWh": Fraction(1), "万kWh": Fraction(10**4), "万千瓦时": Fraction(10**4),
    "kW·h": Fraction(1), "万kW·h": Fraction(10**4),
}  # fmt: skip
WATER = {"m³": Fraction(1), "万m³": Fraction(10**4), "立方米": Fraction(1)}
KINDS = ({**AREA}, {**MONEY}, {**POWER}, {**WATER})
TOTALS = ["合计", "总计", "合　计", "合计数", "总 计：", "全园区合计", "Total", "共{n}宗"]
SUBTOTALS = ["小计", "本页小计", "工业用地小计", "其中：一期"]
NOTES = [
    ["注：面积按不动产权证。"], ["（注：数据为年末数）"], ["1.本表由园区填报。"],
    ["※ 数据截至年底"], ["填报单位（盖章）：某园区管委会"], ["制表人：张三", "", "审核人：李四"],
    ["说明：单位名称按执照。"], ["单位负责人（签字）：", "", "填表人："], ["第1页，共1页"],
    ["（二）下表为续表"],
]  # fmt: skip
NUMBERING = ["甲", "乙", "丙", "丁"]


@dataclass
class Written:
    """A table as it stands in a file, and what it means."""

    sheet: str
    path: Path
    truth: dict[str, list[Any]]
    how: dict[str, Any]
    spoiled: str = ""


@dataclass
class Grid:
    """Cells of a sheet with their number formats, and merged ranges."""

    rows: list[list[Any]] = field(default_factory=list)
    formats: dict[tuple[int, int], str] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)

    def add(self, row: Sequence[Any]) -> int:
        self.rows.append(list(row))
        return len(self.rows) - 1


class Writer:
    """Writes one table; every choice comes from the seed."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.draw = random.Random(seed)
        self.folder = folder
        self.sheet = self.draw.choice(list(COLUMNS))
        names = COLUMNS[self.sheet].split()
        kept = [name for name in names if column(self.sheet, name).required]
        kept += [n for n in names if n not in kept and self.draw.random() < 0.7]
        self.columns = [column(self.sheet, name) for name in names if name in kept]
        self.csv = self.draw.random() < 0.4
        self.how: dict[str, Any] = {
            "units": self._units_stand(),
            "numbers": self.draw.choice(["number", "number", "text", "grouped", "wide"]),
            "dates": self.draw.choice(["cell", "iso", "slash", "chinese", "compact", "serial"]),
            "levels": self.draw.choice([1, 1, 1, 2, 3]),
            "1904": not self.csv and self.draw.random() < 0.15,
            "names": self.draw.choice(["zh", "zh", "zh", "en", "synonym"]),
        }
        self.units = {item.id: self._unit(item) for item in self.columns if item.numeric}

    # -- choices ----------------------------------------------------------------------------------

    def _units_stand(self) -> str:
        places = ["header", "header", "header", "row", "caption", "none", "cell"]
        if self.sheet == "land_use":
            places.append("column")
        return self.draw.choice(places)

    def _unit(self, item: Column) -> str:
        if self.how["units"] == "none" or item.type is ColumnType.SHARE:
            return item.unit
        if item.unit == "人":
            return "人"
        table = next((kind for kind in KINDS if item.unit in kind), None)
        if table is None:
            return item.unit
        if self.how["units"] == "caption":  # one unit for all amounts of a kind
            key = "caption" + next(iter(table))
            return str(self.how.setdefault(key, self.draw.choice(list(table))))
        return self.draw.choice(list(table))

    # -- values -----------------------------------------------------------------------------------

    def _values(self, item: Column, count: int) -> tuple[list[Any], list[Any]]:
        """Values as written (bare), and as they are in the dictionary's form."""
        draw, kind = self.draw, item.type
        if item.numeric:
            written = [Fraction(draw.randint(1, 99999), 100) for _ in range(count)]
            if kind is ColumnType.SHARE:
                written = [Fraction(draw.randint(11, 999), 10) for _ in range(count)]
                return written, [float(value / 100) for value in written]
            table = next((t for t in KINDS if item.unit in t), {item.unit: Fraction(1)})
            factor = table.get(self.units[item.id], Fraction(1)) / table[item.unit]
            return written, [float(value * factor) for value in written]
        if kind is ColumnType.DATE:
            days = [dt.date(2010, 1, 1) + dt.timedelta(draw.randint(0, 5000)) for _ in range(count)]
            return list(days), list(days)
        if kind is ColumnType.CHOICE:
            picked = [draw.choice(choices(item.choices)) for _ in range(count)]
            return [draw.choice((c.zh, *c.synonyms)) for c in picked], [c.code for c in picked]
        if kind is ColumnType.BOOL:
            answers = [draw.random() < 0.5 for _ in range(count)]
            return ["是" if yes else "否" for yes in answers], answers
        if kind is ColumnType.CREDIT_CODE:
            codes = [self._credit(draw.randint(0, 99999)) for _ in range(count)]
            return list(codes), list(codes)
        if kind is ColumnType.INDUSTRY_CODE:
            codes = [draw.choice(["3218", "0610", "C2614", "1310", "0911"]) for _ in range(count)]
            return list(codes), [code.lstrip("C") for code in codes]
        if kind is ColumnType.LAND_CODE:
            codes = draw.sample(["A1", "A2", "A4", "B21", "C", "D1", "D21", "E1", "F", "G"], count)
            return list(codes), list(codes)
        if kind is ColumnType.YEAR:
            years = (
                list(range(2016, 2016 + count))
                if self.sheet == "supply_history"
                else [2025] * count
            )
            return list(years), list(years)
        if kind is ColumnType.CODE:
            codes = [f"{draw.choice(['ZD', 'G', '2023-'])}{n:03d}" for n in range(count)]
            return list(codes), list(codes)
        texts = [f"云{draw.choice('甲乙丙丁')}有限公司{n}" for n in range(count)]
        return list(texts), list(texts)

    def _credit(self, number: int) -> str:
        return credit_code("91", "532301", f"MA6T{number:05d}")

    # -- cells ------------------------------------------------------------------------------------

    def _cell(self, item: Column, value: Any) -> tuple[Any, str]:
        """A cell as it is written, and its number format."""
        if item.numeric:
            return self._number(item, value)
        if item.type is ColumnType.DATE:
            return self._date(value)
        if item.type is ColumnType.YEAR:
            return (f"{value}年", "") if self.how["dates"] == "chinese" else (value, "")
        if self.draw.random() < 0.03 and isinstance(value, str):
            return f" {value}\u3000", ""
        return value, ""

    def _number(self, item: Column, value: Fraction) -> tuple[Any, str]:
        number, unit = float(value), self.units[item.id]
        if item.type is ColumnType.SHARE:
            way = self.draw.choice(["sign", "plain"] if self.csv else ["sign", "format", "plain"])
            if way == "sign" or self.how["units"] != "header":
                return f"{number:g}%", ""
            return (float(value / 100), "0.0%") if way == "format" else (number, "")
        if self.how["units"] == "cell" and unit:
            return f"{number:g}{self.draw.choice(['', ' '])}{unit}", ""
        way = self.how["numbers"]
        if way == "text":
            return f"{number:.2f}", ""
        if way == "grouped":
            return f"{number:,.2f}", ""
        if way == "wide":
            return f"{number:.2f}".translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789."}), ""
        return number, "" if self.csv else self.draw.choice(["", "#,##0.00", "0.00_ ", "0.0000"])

    def _date(self, day: dt.date) -> tuple[Any, str]:
        way = self.how["dates"]
        if way == "cell" and not self.csv:
            return day, self.draw.choice(["yyyy-mm-dd", "yyyy/m/d", 'yyyy"年"m"月"d"日"'])
        if way == "slash":
            return f"{day.year}/{day.month}/{day.day}", ""
        if way == "chinese":
            return f"{day.year}年{day.month}月{day.day}日", ""
        if way == "compact":
            return f"{day:%Y%m%d}", ""
        if way == "serial" and not self.csv:
            epoch = dt.date(1904, 1, 1) if self.how["1904"] else dt.date(1899, 12, 30)
            return (day - epoch).days, ""
        return day.isoformat(), ""

    # -- header -----------------------------------------------------------------------------------

    def _name(self, item: Column) -> str:
        exact = [text for text in item.synonyms if not text.startswith("~")]
        if self.how["names"] == "en":
            return item.header_en
        if self.how["names"] == "synonym" and exact:
            return self.draw.choice(exact)
        return item.header_zh

    def _header(self, item: Column) -> str:
        name = self._name(item)
        if not item.numeric or self.how["units"] != "header" or not self.units[item.id]:
            return self.draw.choice([name, name, f"{name}*", f" {name}"])
        unit = self.units[item.id]
        forms = [
            f"{name}({unit})",
            f"{name}（{unit}）",
            f"{name}\n（单位：{unit}）",
            f"{name}【{unit}】",
        ]
        return self.draw.choice(forms)

    # -- table ------------------------------------------------------------------------------------

    def write(self, spoil: str = "") -> Written:
        """Write the file; with *spoil*, one thing in it cannot be understood."""
        count = self.draw.randint(2, 7)
        values = {item.id: self._values(item, count) for item in self.columns}
        truth = {name: pair[1] for name, pair in values.items()}
        grid = Grid()
        self._above(grid)
        serial = self.draw.random() < 0.4
        self._header_rows(grid, serial)
        first = self._data(grid, values, count, serial)
        if spoil:
            self._spoil(spoil, grid, first, serial)
        self._below(grid, values, count, serial)
        path = self._save(grid)
        return Written(self.sheet, path, truth, self.how, spoil)

    def _above(self, grid: Grid) -> None:
        if self.draw.random() < 0.5:
            grid.add([f"某园区{SHEETS[self.sheet].title_zh}"])
        if self.draw.random() < 0.2:
            grid.add(["填报单位：某园区管委会", "", "填报日期：2025年12月31日"])
        if self.how["units"] == "caption":
            stated = [unit for key, unit in self.how.items() if key.startswith("caption")]
            if stated:
                grid.add(["", "", f"{self.draw.choice(['单位', '计量单位'])}：{'、'.join(stated)}"])
        if self.draw.random() < 0.2:
            grid.add([])

    def _header_rows(self, grid: Grid, serial: bool) -> None:
        shift = int(serial)
        names = [*(["序号"] if serial else []), *(self._header(item) for item in self.columns)]
        if self.how["units"] == "column":
            names.append("单位")
        levels = self.how["levels"]
        if levels == 1 or len(self.columns) < 4:
            grid.add(names)
        else:
            self._grouped(grid, names, levels, shift + 1)
        if self.how["units"] == "row":
            below = [self.units.get(item.id, "") for item in self.columns]
            if any(below):
                grid.add([*([""] * shift), *below])
        if self.draw.random() < 0.2 and len(names) > 3:
            grid.add([*NUMBERING[:2], *range(1, len(names) - 1)])

    def _grouped(self, grid: Grid, names: list[str], levels: int, left: int) -> None:
        """Group headings above the columns from *left* on; the others reach over all levels."""
        width = len(names)
        right = self.draw.randint(left + 1, width - 1)
        top = len(grid.rows)
        for level in range(levels):
            row = [""] * width
            last = level == levels - 1
            if level == 0:
                row[:left], row[right + 1 :] = names[:left], names[right + 1 :]
            if last:
                row[left : right + 1] = names[left : right + 1]
            else:
                row[left] = ["基本情况", "主要情况"][level]
            grid.add(row)
        if not self.csv:
            outside = [c for c in range(width) if not left <= c <= right]
            grid.merged += [(top, c, top + levels - 1, c) for c in outside]
            grid.merged += [(top + n, left, top + n, right) for n in range(levels - 1)]

    def _data(self, grid: Grid, values: dict[str, Any], count: int, serial: bool) -> int:
        first = len(grid.rows)
        for n in range(count):
            if n and self.draw.random() < 0.05:
                grid.add([])
            cells = [self._cell(item, values[item.id][0][n]) for item in self.columns]
            row = grid.add([*([n + 1] if serial else []), *(cell for cell, _form in cells)])
            for place, (_cell, form) in enumerate(cells):
                if form:
                    grid.formats[row, place + int(serial)] = form
            if self.how["units"] == "column":
                grid.rows[row].append(self.units["area_ha"])
        return first

    def _below(self, grid: Grid, values: dict[str, Any], count: int, serial: bool) -> None:
        words = self.draw.choice([[], TOTALS, SUBTOTALS])
        if words:
            word = self.draw.choice(words).format(n=count)
            sums = [
                float(sum(values[item.id][0]))
                if item.type is ColumnType.NUMBER and self.how["units"] != "cell"
                else ""
                for item in self.columns[1:]
            ]
            grid.add([*([""] if serial else []), word, *sums])
        for note in self.draw.sample(NOTES, self.draw.choice([0, 0, 1, 2])):
            grid.add(note)

    # -- what cannot be understood ----------------------------------------------------------------

    def _spoil(self, kind: str, grid: Grid, first: int, serial: bool) -> None:
        """Put something that cannot be read into the first row of data."""
        wanted = ColumnType.DATE if kind in ("span", "remark") else ColumnType.NUMBER
        place = next(
            (n for n, item in enumerate(self.columns) if item.type is wanted),
            next(n for n, item in enumerate(self.columns) if item.type is ColumnType.NUMBER),
        )
        at = place + int(serial)
        text = {
            "mark": "120①", "power": "35.6²", "two": "12 15", "range": "100-120", "about": "约120",
            "remark": "2022-03-01（延期至2025-06-01）", "span": "2023.5-6", "star": "120*",
            "line": "12\n15", "bracket": "120（含租赁20）", "dotted": "12.34.56",
        }[kind]  # fmt: skip
        grid.rows[first][at] = text
        grid.formats.pop((first, at), None)

    # -- files ------------------------------------------------------------------------------------

    def _save(self, grid: Grid) -> Path:
        (self.folder / "park.xlsx").unlink(missing_ok=True)
        for old in self.folder.glob("*.csv"):
            old.unlink()
        return self._save_csv(grid) if self.csv else self._save_xlsx(grid)

    def _save_csv(self, grid: Grid) -> Path:
        separator = self.draw.choice(
            [",", ",", "\t", ";"] if self.how["numbers"] != "grouped" else ",\t"
        )
        buffer = io.StringIO()
        csv.writer(buffer, delimiter=separator, lineterminator="\r\n").writerows(grid.rows)
        encoding = self.draw.choice(["utf-8", "utf-8-sig", "gb18030", "utf-16"])
        path = self.folder / f"{SHEETS[self.sheet].title_zh}.csv"
        path.write_bytes(buffer.getvalue().encode(encoding))
        self.how |= {"encoding": encoding, "separator": separator}
        return path

    def _save_xlsx(self, grid: Grid) -> Path:
        path = self.folder / "park.xlsx"
        zh = SHEETS[self.sheet].title_zh
        title = self.draw.choice([zh, zh, f"表1 {zh}", f"2025年{zh}", SHEETS[self.sheet].title_en])
        with xlsxwriter.Workbook(str(path), {"date_1904": self.how["1904"]}) as book:
            if self.draw.random() < 0.2:
                hidden = book.add_worksheet("列表")
                hidden.write_row(0, 0, ["工业", "仓储"])
                hidden.hide()
            page = book.add_worksheet(title)
            page.activate()
            page.set_first_sheet()
            forms = {
                form: book.add_format({"num_format": form}) for form in set(grid.formats.values())
            }
            for r, row in enumerate(grid.rows):
                for c, cell in enumerate(row):
                    form = forms.get(grid.formats.get((r, c), ""))
                    if isinstance(cell, dt.date):
                        page.write_datetime(r, c, cell, form)
                    elif isinstance(cell, str):
                        page.write_string(r, c, cell) if cell else None
                    else:
                        page.write_number(r, c, cell, form)
            for top, left, bottom, right in grid.merged:
                if (top, left) != (bottom, right):
                    page.merge_range(top, left, bottom, right, grid.rows[top][left])
        return path
