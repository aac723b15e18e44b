"""Curves from what a bureau has: meter exports, bills, weather files, power curves, or nothing.

Every curve is a Series on Beijing time with a regular step, labelled at the start of each step;
``attrs["provenance"]`` says where it comes from and ``attrs["quality"]`` how good it is.
"""
