"""Scales: values become pixels, and round numbers are found to print beside them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """Turns values from ``low`` to ``high`` into pixels from ``start`` to ``end``; a lone value lies in the middle."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Give the pixel of a value."""
        if self.high == self.low:
            return (self.start + self.end) / 2
        return self.start + (self.end - self.start) * (value - self.low) / (self.high - self.low)


def ticks(low: float, high: float, count: int) -> list[float]:
    """Give about ``count`` round numbers from ``low`` to ``high``: multiples of 1, 2 or 5 times a power of ten."""
    rough = (high - low) / max(count, 1)
    if rough <= 0:
        return [low]
    power = 10.0 ** math.floor(math.log10(rough))
    # The step that is nearest on a logarithmic scale.
    step = power * next((part for part, edge in ((1, 2**0.5), (2, 10**0.5), (5, 50**0.5)) if rough / power < edge), 10)
    return [step * place for place in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)]


def room_for(values: Sequence[float]) -> list[float]:
    """Give the part of 0 to 100 that values need, in whole tens."""
    return [float(10 * int(max(0, min(values) - 2) // 10)), float(min(100, 10 * (int((max(values) + 4) // 10) + 1)))]
