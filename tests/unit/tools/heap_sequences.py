"""Print what CPython's heapq does with generated sequences of operations.

Each line is: seed, number of operations, FNV-1a hash of the whole heap (keys
and items, after every operation).  tests/unit/check_heap.c generates the same
sequences and must come to the same hashes.  Run it with CPython 3.14:

    python3.14 tests/unit/tools/heap_sequences.py > tests/unit/data/heapq.txt
"""
import heapq
import sys

MASK = (1 << 64) - 1


class Entry:
    __slots__ = ("when", "item")

    def __init__(self, when, item):
        self.when, self.item = when, item

    def __lt__(self, other):
        return self.when < other.when


class Random:
    def __init__(self, seed):
        self.state = (seed * 0x9E3779B97F4A7C15 + 1) & MASK

    def __call__(self, below):
        x = self.state
        x ^= (x << 13) & MASK
        x ^= x >> 7
        x ^= (x << 17) & MASK
        self.state = x
        return (x >> 16) % below


def hash_heap(value, heap):
    for entry in heap:
        for number in (int(entry.when), entry.item):
            value = ((value ^ number) * 0x100000001B3) & MASK
    return value


def run(seed):
    random = Random(seed)
    count = 10 + random(120)
    keys = 1 + random(12)  # few keys: many ties
    heap, value, item = [], 0xCBF29CE484222325, 0
    for _ in range(count):
        choice = random(10)
        if choice < 6 or not heap:
            heapq.heappush(heap, Entry(float(random(keys)), item))
            item += 1
        elif choice < 9:
            entry = heapq.heappop(heap)
            value = ((value ^ entry.item) * 0x100000001B3) & MASK
        else:
            divisor = 2 + random(3)
            heap = [e for e in heap if e.item % divisor]
            heapq.heapify(heap)
        value = hash_heap(value, heap)
    return count, value


print("# python", sys.version.split()[0])
for seed in range(1, 4001):
    print(seed, *run(seed))
