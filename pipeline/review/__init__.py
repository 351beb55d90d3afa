"""Review: what redaction is unsure about goes to a person, and what the person decides is applied at every later run.

`workbook.py` writes what waits into a spreadsheet, `importing.py` checks what came back, `decisions.py` keeps it
without a word of anybody's, `applying.py` changes what redaction proposed.
"""
