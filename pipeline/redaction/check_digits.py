"""Check digits of numbers, for the rules and for the review: importing it must stay cheap.

Presidio knows some of them, inside recognisers that hide a timeout and log what they were given. Arguments are bare
digits, of IBANs also capitals; what has not the right length is no such number.
"""

_UTR_CHECKS = "21987654321"


def is_nhs_number(digits: str) -> bool:
    """Modulus 11 check of a ten-digit NHS number."""
    if len(digits) != 10 or len(set(digits)) == 1:
        return False
    remainder = 11 - _weighted(digits[:9], range(10, 1, -1)) % 11
    return remainder != 10 and remainder % 11 == int(digits[9])


def is_luhn(digits: str) -> bool:
    """Modulus 10 check of payment cards and of IMEIs, which devices have."""
    doubled = (sum(divmod(2 * int(d), 10)) for d in digits[-2::-2])
    return len(set(digits)) > 1 and (sum(map(int, digits[-1::-2])) + sum(doubled)) % 10 == 0


def is_iban(iban: str) -> bool:
    """Modulus 97 check of an international bank account number."""
    return 15 <= len(iban) <= 34 and int("".join(str(int(c, 36)) for c in iban[4:] + iban[:4])) % 97 == 1


def is_vat_number(digits: str) -> bool:
    """Modulus 97 check of a British VAT number: nine digits, twelve with a branch; the newer ones are 55 off."""
    if len(digits) not in {9, 12} or len(set(digits[:9])) == 1:
        return False
    total = _weighted(digits[:7], range(8, 1, -1)) + int(digits[7:9])
    return total % 97 in {0, 97 - 55}


def is_utr(digits: str) -> bool:
    """Modulus 11 check of a ten-digit taxpayer's reference, whose check digit comes first."""
    weights = (6, 7, 8, 9, 10, 5, 4, 3, 2)
    return len(digits) == 10 and len(set(digits)) > 1 and _UTR_CHECKS[_weighted(digits[1:], weights) % 11] == digits[0]


def _weighted(digits: str, weights: "range | tuple[int, ...]") -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))
