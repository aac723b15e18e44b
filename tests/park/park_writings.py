"""One table written in one of the many ways offices write it, with the truth beside it.

Everything is drawn from a seed: values, units, layout, header, format of dates and numbers,
workbook or CSV. The truth is computed from exact fractions, not by the package. All data are
invented.
"""

from __future__ import annotations

import datetime as dt
import random
from fractions import Fraction
from pathlib import Path
from typing import Any

from writing_files import Grid, Written, save

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
    "MWh": Fraction(1000), "kWh": Fraction(1), "万kWh": Fraction(10**4),
    "万千瓦时": Fraction(10**4), "kW·h": Fraction(1), "万kW·h": Fraction(10**4),
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
OTHERS = ["内部流水", "联系人", "联系电话", "经办情况"]  # columns the dictionary does not have
NUMBERING = ["甲", "乙", "丙", "丁"]


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
        self.how: dict[str, Any] = {"csv": self.draw.random() < 0.4}
        self.how |= {
            "units": self._units_stand(),
            "numbers": self.draw.choice(
                ["number", "number", "text", "grouped", "wide", "scaled", "literal"]
            ),
            "dates": self.draw.choice(["cell", "iso", "slash", "chinese", "compact", "serial"]),
            "levels": self.draw.choice([1, 1, 1, 2, 3]),
            "1904": not self.how["csv"] and self.draw.random() < 0.15,
            "names": self.draw.choice(["zh", "zh", "zh", "en", "synonym"]),
            "left": self.draw.choice([0, 0, 0, 1, 2]),  # blank columns before the table
            "same": self.draw.random() < 0.3,  # what may be merged is the same in all rows
            "again": self.draw.random() < 0.2,  # the header is repeated, as on printed pages
            "others": [n for n in OTHERS if self.draw.random() < 0.15],
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
            if self.how["same"]:
                picked = picked[:1] * count
                return [picked[0].zh] * count, [picked[0].code] * count
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
        if isinstance(value, str) and item.type is not ColumnType.TEXT:
            if self.draw.random() < 0.03:
                return f" {value}\u3000", ""
            if self.draw.random() < 0.02:
                return f"{value}\u200b", ""
        return value, ""

    def _number(self, item: Column, value: Fraction) -> tuple[Any, str]:
        number, unit = float(value), self.units[item.id]
        if item.type is ColumnType.SHARE:
            way = self.draw.choice(
                ["sign", "plain"] if self.how["csv"] else ["sign", "format", "plain"]
            )
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
        if not self.how["csv"] and way == "scaled" and self.how["units"] == "header":
            return float(value * 1000), "#,##0.00,"
        if not self.how["csv"] and way == "literal" and unit:
            return number, f'0.00"{unit}"'
        return number, "" if self.how["csv"] else self.draw.choice(
            ["", "#,##0.00", "0.00_ ", "0.0000"]
        )

    def _date(self, day: dt.date) -> tuple[Any, str]:
        way = self.how["dates"]
        if way == "cell" and not self.how["csv"]:
            return day, self.draw.choice(["yyyy-mm-dd", "yyyy/m/d", 'yyyy"年"m"月"d"日"'])
        if way == "slash":
            return f"{day.year}/{day.month}/{day.day}", ""
        if way == "chinese":
            return f"{day.year}年{day.month}月{day.day}日", ""
        if way == "compact":
            return f"{day:%Y%m%d}", ""
        if way == "serial" and not self.how["csv"]:
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
        if not self.how["csv"] and self.how["same"] and not spoil:
            self._merge(grid, first, count, int(serial))
        self._below(grid, values, count, serial)
        path = save(grid.moved(self.how["left"]), self.sheet, self.folder, self.how, self.draw)
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
        names += self.how["others"]
        self._last_names = names[-1:]
        levels = self.how["levels"]
        if levels == 1 or len(self.columns) < 4:
            grid.add(names)
        else:
            self._grouped(grid, names, levels, shift + 1)
        if self.how["units"] == "row":
            below = [self.units.get(item.id, "") for item in self.columns]
            if any(below):
                form = self.draw.choice(["{}", "({})", "（{}）"])
                grid.add([*([""] * shift), *(form.format(unit) if unit else "" for unit in below)])
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
        if not self.how["csv"]:
            outside = [c for c in range(width) if not left <= c <= right]
            grid.merged += [(top, c, top + levels - 1, c) for c in outside]
            grid.merged += [(top + n, left, top + n, right) for n in range(levels - 1)]

    def _data(self, grid: Grid, values: dict[str, Any], count: int, serial: bool) -> int:
        first, head = len(grid.rows), grid.rows[-1]
        for n in range(count):
            if n and self.how["again"] and self.how["levels"] == 1 and head[-1] in self._last_names:
                grid.add(head)
                self.how["again"] = False
            if n and self.draw.random() < 0.05:
                grid.add([])
            cells = [self._cell(item, values[item.id][0][n]) for item in self.columns]
            row = grid.add([*([n + 1] if serial else []), *(cell for cell, _form in cells)])
            for place, (_cell, form) in enumerate(cells):
                if form:
                    grid.formats[row, place + int(serial)] = form
            if self.how["units"] == "column":
                grid.rows[row].append(self.units["area_ha"])
            grid.rows[row] += [
                self.draw.choice(["", f"甲{n}", 13800000000 + n]) for _ in self.how["others"]
            ]
        return first

    def _merge(self, grid: Grid, first: int, count: int, shift: int) -> None:
        """Merge what is the same for all rows, where they follow on one another."""
        if len(grid.rows) != first + count:
            return
        for place, item in enumerate(self.columns):
            if item.type is ColumnType.CHOICE and self.draw.random() < 0.5:
                for row in range(first + 1, first + count):
                    grid.rows[row][place + shift] = ""
                grid.merged.append((first, place + shift, first + count - 1, place + shift))

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
