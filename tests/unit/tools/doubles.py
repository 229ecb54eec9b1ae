"""Print doubles, as their bits and as repr shows them.

tests/unit/check_number.c must format each just so, and read it back:

    python3 tests/unit/tools/doubles.py > tests/unit/data/doubles.txt
"""
import math
import random
import struct


def edges():
    yield from (0.0, -0.0, math.inf, -math.inf, math.nan, 1.0, -1.0, 2.0, 0.1,
                0.1 + 0.2, 1 / 3, 2 / 3, 100.0, 86400.0, 1e-9, 1.5e-9, 123e-6)
    yield from (5e-324, 1e-323, 2.2250738585072009e-308,
                2.2250738585072014e-308, 1.7976931348623157e308)
    yield from (9007199254740991.0, 9007199254740992.0, 9007199254740994.0,
                999999999999999.0, 999999999999999.9, 1e15, 1e16, 1e17,
                9999999999999998.0, 123456789012345680.0, 1e22, 1e23,
                8.41e21, 9.5367431640625e-07, 4.35, 0.000123, 0.00001234)
    for exponent in range(-12, 25):
        yield float(f"1e{exponent}")
        yield float(f"9.999999999999999e{exponent}")
        yield float(f"-1.25e{exponent}")
    for exponent in range(-1074, 1024, 50):
        yield math.ldexp(1.0, exponent)
        yield math.nextafter(math.ldexp(1.0, exponent), 0.0)
        yield math.nextafter(math.ldexp(1.0, exponent), math.inf)


def times(rng):
    time = 0.0
    for step in (0.1, 0.25, 1e-9, 0.015625, 1 / 3, 0.3, 1e-6, 17280000.0):
        for _ in range(8):
            time += step
            yield time
            yield time + 1e-9
    for digits in range(1, 18):
        yield rng.randrange(10 ** digits) / 10 ** rng.randrange(digits + 3)
    for _ in range(60):
        yield rng.random() * 10.0 ** rng.randrange(-5, 12)


def bits(rng):
    for _ in range(200):
        yield struct.unpack("<d", rng.randbytes(8))[0]


def main():
    rng = random.Random(1)
    for make in (lambda: edges(), lambda: times(rng), lambda: bits(rng)):
        for value in make():
            if math.isnan(value):
                value = math.nan
            print(struct.pack(">d", value).hex(), repr(value))


main()
