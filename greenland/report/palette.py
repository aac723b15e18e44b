"""Colours: one per thing, the same wherever it is drawn.

Blue to rust for better to worse, so that no red stands against a green; each at least 3 : 1
against white and against the dark background. Text never depends on colour alone.
"""

from __future__ import annotations

ACCENT = "#14607A"
MUTED = "#7C838D"
IDEAL = "#4A4F57"

CLASSES = {"A": "#1B5E8C", "B": "#4C93C9", "C": "#C4801A", "D": "#A33B1F", "exempt": "#868C96"}

STATES = {
    "met": "#0F766E",
    "failed": "#B5381B",
    "overdue": "#9A3A72",
    "not_due": "#7C838D",
    "no_data": "#A07A12",
    "not_applicable": "#A3A8B0",
}

DECISIONS = {"keep": "#0F766E", "improve": "#4C93C9", "supervise": "#C4801A", "exit": "#A33B1F"}

LEDGERS = {
    "unsupplied": "#4C93C9",
    "idle": "#A33B1F",
    "inefficient": "#C4801A",
    "stock": "#4C93C9",
    "exit": "#C4801A",
    "available": "#868C96",
    "used": "#0F766E",
}

ENERGY = {
    "pv": "#D08410",
    "wind": "#2E86C1",
    "discharge": "#0B8A6A",
    "battery": "#0B8A6A",
    "battery_power": "#0B8A6A",
    "battery_energy": "#0B8A6A",
    "import": "#70757F",
    "grid": "#70757F",
    "load": "#3D4450",
    "charge": "#0B8A6A",
    "export": "#A8407F",
    "curtailment": "#A58A00",
    "unserved": "#B5381B",
    "flexible": "#5B6B73",
    "interrupted": "#A33B1F",
}

# Further sources (a second solar field, biomass), in the order they appear.
SPARE = ("#7A5BA6", "#8C6239", "#4F7CAC", "#99862B")

LAND = {
    "A": "#1B5E8C",
    "B": "#4C93C9",
    "C": "#A3A8B0",
    "D": "#0F766E",
    "E": "#C4801A",
    "F": "#A3A8B0",
    "G": "#A33B1F",
}

MOST_COLOURS = 8  # of one chart: more cannot be told apart, in a legend least of all

# Items of cost in a chart without sources and storages to tell apart.
COSTS = (
    *("#1B5E8C", "#9AA5B1", "#7A5BA6", "#8C6239"),
    *("#A33B1F", "#6FA08F", "#99862B", "#C06C84"),
)
