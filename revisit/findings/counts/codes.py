"""Codes: how answers are written as whole numbers in the columns, and the types of arrays that hold them."""

from typing import get_args

import numpy as np
from numpy.typing import NDArray

from revisit.records.responses import Mode
from revisit.records.survey import Question

Ints = NDArray[np.integer]
Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]
Objects = NDArray[np.object_]

MODES: tuple[str, ...] = get_args(Mode)

# Why an answer has no value. Each kind is counted apart and none is a score.
BLANK, NOT_APPLICABLE, NOT_ASKED, INVALID = -1, -2, -3, -4
MISSING = {"blank": BLANK, "na": NOT_APPLICABLE, "not_asked": NOT_ASKED, "invalid": INVALID}
OFFSET = -INVALID  # counts are kept from the lowest missing code upwards

# What is known of where an answer came from: from a browser signed in to the desk, from the device or the network of
# other customers' answers, and that the latter two were compared at all.
MARKS = {"desk": 1, "same_device": 2, "same_network": 4, "compared": 8}

SINGLE_CHOICE = "choice"
SEVERAL = "choices"
ZERO_TO_TEN = "nps"


def is_counted(question: Question) -> bool:
    """Say whether a question has one answer out of few, so that its answers can be counted."""
    return question.is_scale or question.kind in {SINGLE_CHOICE, ZERO_TO_TEN}
