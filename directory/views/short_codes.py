"""Short codes that hold numbers of places: nothing is stored, hence no link ever expires.

Crockford's base 32 (https://www.crockford.com/base32.html): no letter that reads like another, one
case, so that a code can be dictated or copied from paper. The last character checks the others.
"""

from collections.abc import Sequence

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
VALUES = {character: value for value, character in enumerate(ALPHABET)}
READ_AS = str.maketrans("ILO", "110", "- \u00a0")
"""What people write for a digit, and what they put between groups."""

BITS = 5
MAX_NUMBER = 2**31 - 1
"""A larger number is the key of no place, and databases refuse much larger ones."""

_FIELD = 0b100101
"""x⁵ + x² + 1: multiplying by x in GF(32) goes through all its 31 non-zero values."""


ONE, LIST = 1, 2
"""What the check starts from: a code of a place is never read as a list, nor the reverse."""


class UnreadableCodeError(ValueError):
    """A code that nobody wrote: mistyped, or cut."""


def encode_one(number: int) -> str:
    """Return the code of one place; its number is from 1 to MAX_NUMBER."""
    return _checked(_characters(number, -(-number.bit_length() // BITS)), ONE)


def decode_one(code: str) -> int:
    """Return the number that a code holds. Raises UnreadableCodeError."""
    number = _number(_unchecked(code, ONE))
    if not 0 < number <= MAX_NUMBER or encode_one(number) != normal(code):
        raise UnreadableCodeError(code)
    return number


def encode_list(numbers: Sequence[int]) -> str:
    """Return the code of places in their order; at least one, each from 1 to MAX_NUMBER."""
    width = max(numbers).bit_length()
    packed = 0
    for number in numbers:
        packed = packed << width | number
    body = _characters(packed, -(-width * len(numbers) // BITS))
    return _checked(_characters(width, 1) + body, LIST)


def decode_list(code: str) -> list[int]:
    """Return the numbers that a code holds, in their order. Raises UnreadableCodeError."""
    characters = _unchecked(code, LIST)
    width, body = VALUES[characters[0]], characters[1:]
    if not width:
        raise UnreadableCodeError(code)
    count = len(body) * BITS // width
    packed = _number(body)
    mask = (1 << width) - 1
    numbers = [packed >> width * rank & mask for rank in reversed(range(count))]
    # The characters may have room for more numbers than were written: these read as zeros.
    while numbers and not numbers[0]:
        del numbers[0]
    if not numbers or 0 in numbers or encode_list(numbers) != normal(code):
        raise UnreadableCodeError(code)
    return numbers


def normal(code: str) -> str:
    """Return a code as we write it, whatever the case and the spaces it was typed with."""
    return code.upper().translate(READ_AS)


def _characters(number: int, count: int) -> str:
    return "".join(
        ALPHABET[number >> BITS * rank & (len(ALPHABET) - 1)] for rank in reversed(range(count))
    )


def _number(characters: str) -> int:
    number = 0
    for character in characters:
        number = number << BITS | VALUES[character]
    return number


def _check(characters: str, start: int) -> str:
    """Return the check character: one polynomial step over GF(32) for each character.

    Two neighbours weigh differently, and no weight is zero: a wrong character and a swap of two
    neighbours always change it.
    """
    check = start
    for character in characters:
        check = _times_x(check) ^ VALUES[character]
    return ALPHABET[_times_x(check)]


def _times_x(value: int) -> int:
    shifted = value << 1
    return shifted ^ _FIELD if shifted >> BITS else shifted


def _checked(characters: str, start: int) -> str:
    return characters + _check(characters, start)


def _unchecked(code: str, start: int) -> str:
    characters = normal(code)
    known = all(character in VALUES for character in characters)
    if len(characters) < 2 or not known or _check(characters[:-1], start) != characters[-1]:
        raise UnreadableCodeError(code)
    return characters[:-1]
