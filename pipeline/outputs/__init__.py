"""The quote bank's files: quote_bank.html, quote_bank.xlsx, quote_bank.csv and methods.md."""

from pipeline.outputs.bank import Bank, BankQuote, BankTheme, assemble_bank, write_bank

__all__ = ["Bank", "BankQuote", "BankTheme", "assemble_bank", "write_bank"]
