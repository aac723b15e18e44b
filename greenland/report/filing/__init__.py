"""The filing of a direct-supply project: a Word draft by an outline that is data, its figures, its
one-line sketch, the figures' data as a workbook, and the check that its chapters agree.

Figures, tables and facts are named (`names`); an outline says which stand where. All of them are
drawn from one results record.
"""
