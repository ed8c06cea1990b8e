"""Rows for clients: filters, order and pages of models with access rules, for row methods and REST.

operators.py  the filters by type: equal, in, at least, contains, ...
asked.py      a list as a client asks for it
cursors.py    the place in a list at which a page ends
queries.py    a list and a caller -> compiled SQL
reading.py    one row, a page, a count, with related rows
versions.py   the version of a row
writing.py    rows from clients: which fields they may write
refusals.py   rows that the database refuses
"""
