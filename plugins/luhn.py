"""The check digit of Swedish numbers: of persons, organisations and giros. Pure."""


def is_right(digits: str) -> bool:
    """Return whether the last digit is right: every other one from the right counts double, and the sum ends in 0."""
    doubled = (int(digit) * (1 + at % 2) for at, digit in enumerate(reversed(digits)))
    return sum(each // 10 + each % 10 for each in doubled) % 10 == 0
