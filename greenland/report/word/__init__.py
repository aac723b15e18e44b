"""The report as a Word file: its template, its tables and pictures, and how pages are turned."""
