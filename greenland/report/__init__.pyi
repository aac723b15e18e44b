from greenland.record.reading import read_record as read_record
from greenland.report.context import headlines as headlines
from greenland.report.excel.workbook import write_excel as write_excel
from greenland.report.pdf import write_pdf as write_pdf
from greenland.report.render import render_html as render_html
from greenland.report.terminal import PlainTable as PlainTable
from greenland.report.terminal import tables_of as tables_of
from greenland.report.word.report import write_docx as write_docx

__all__: list[str]
