"""Studies as people read them: a page and a workbook from the record of a study."""
