"""The local page: parks, their data, results, direct supply and rules in a browser.

Flask and waitress are imported in here and nowhere else; they belong to the extra ``page``.
"""
