"""Check digits of numbers, for the rules and for the review: importing it must stay cheap."""


def is_nhs_number(digits: str) -> bool:
    """Modulus 11 check of a ten-digit NHS number."""
    if len(digits) != 10 or len(set(digits)) == 1:
        return False
    remainder = 11 - sum(int(d) * (10 - i) for i, d in enumerate(digits[:9])) % 11
    return remainder != 10 and remainder % 11 == int(digits[9])
