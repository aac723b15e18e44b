"""``python -m greenland``, for machines where the command is not on the path."""

from greenland.cli import main

main()
