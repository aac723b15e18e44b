"""Constants of the workbench that decide nothing about a plan, each with its reason."""

SLIDER_SPAN = 2.0
"""A slider goes from nothing to so many times what the case says: the case stands in its middle."""
SLIDER_STEPS = 100
"""Steps of a slider: one in a hundred can be set by hand and told apart on a screen."""
FACTOR_STEP = 0.01
"""Step of what a curve or a table is multiplied by: a hundredth."""
KEPT_ANSWERS = 12
"""Answers a workbench keeps, so that going back to a setting solves nothing; a year of hours takes
some 3 MB each."""
CARD_NAME_CHARS = 80
"""Of a card: its name is that of a file, whose whole path Windows bounds at 260."""
