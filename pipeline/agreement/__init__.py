"""Agreement: people code a sample of passages blind, and what they say is compared with each other and the machine.

`sampling.py` draws the sample, `sheet.py` writes it into spreadsheets, `importing.py` checks what came back,
`codings.py` keeps it without a word of anybody's, `statistics.py` and `precision.py` measure, `report.py` puts it
together.
"""
