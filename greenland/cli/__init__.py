"""The ``greenland`` command: thin commands that call one library function each and print."""

from __future__ import annotations

import gc
import os
import sys

import click

import greenland
from greenland.cli.bill_check import bill_check_command
from greenland.cli.common import LANGUAGE_VARIABLE, Group, lang_option, set_language
from greenland.cli.compare import compare_command
from greenland.cli.design import evaluate_command
from greenland.cli.energy import energy
from greenland.cli.filing import filing_command
from greenland.cli.history import history
from greenland.cli.land import land
from greenland.cli.outlook import outlook_command
from greenland.cli.page import page_command
from greenland.cli.park import init, map_headings, rules, validate
from greenland.cli.preview import preview_command
from greenland.cli.profile import profile
from greenland.cli.province import province
from greenland.cli.report import assess, report
from greenland.cli.study import study_command
from greenland.i18n import LANGUAGES, N_, SOURCE_LANGUAGE


@click.group(
    cls=Group,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=N_("园区土地评价与绿电直连规模测算。"),
)
@lang_option
@click.version_option(greenland.__version__, prog_name="greenland")
def cli() -> None:
    """Hold the commands."""


energy.add_command(profile)
energy.add_command(compare_command)
energy.add_command(outlook_command)
energy.add_command(evaluate_command)
energy.add_command(study_command)
energy.add_command(filing_command)
energy.add_command(bill_check_command)
energy.add_command(preview_command)
for command in (
    init,
    map_headings,
    validate,
    rules,
    assess,
    report,
    land,
    energy,
    province,
    history,
    page_command,
):
    cli.add_command(command)


def main() -> None:
    """Run the command line; text a console cannot show is replaced, never fatal."""
    # Tables and rule packs live to the end; looking for garbage among them costs a fifth.
    gc.set_threshold(100_000, 50, 50)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    chosen = os.environ.get(LANGUAGE_VARIABLE, SOURCE_LANGUAGE)
    set_language(chosen if chosen in LANGUAGES else SOURCE_LANGUAGE)
    try:
        cli()
    finally:
        gc.freeze()  # the process ends here: searching all it holds would take a quarter second
