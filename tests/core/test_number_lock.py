"""Every phone number can be locked, whatever its checksum is."""

from itertools import product
from zlib import crc32

import pytest

from core.customer.linking import lock_number
from core.house import House

HALVES = ["".join(digits) for digits in product("0123456789", repeat=5)]


def number_with(checksum: int) -> str:
    """A number of ten digits after +861 with this CRC. The CRCs of equally long texts add up, so halves are enough."""
    nothing = crc32(b"+8610000000000")
    left = {crc32(f"+861{half}00000".encode()): half for half in HALVES}
    for half in HALVES:
        wanted = checksum ^ nothing ^ crc32(f"+86100000{half}".encode())
        if wanted in left:
            return f"+861{left[wanted]}{half}"
    raise LookupError(f"{checksum:#x}")


@pytest.mark.parametrize("checksum", [0, 1, 2**31 - 1, 2**31, 2**32 - 1])
def test_every_checksum_is_a_lock(house: House, checksum: int) -> None:
    number = number_with(checksum)
    assert crc32(number.encode()) == checksum
    with house.database.session() as session:
        lock_number(session, number)
        session.commit()
