"""The report: HTML, Excel, PDF and Word from a results record.

Exports render_html, write_excel, write_pdf, write_docx, read_record, headlines and tables_of
(see greenland/cli/report.py and greenland/cli/land.py for how they are called).
"""
