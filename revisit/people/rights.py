"""Rights: what a role may do, which part of the tree a user sees, and whose visits they keep out of."""

from revisit.records.orders import RepairOrder
from revisit.records.people import ROLES, Role, User


def is_at_least(role: Role, wanted: Role) -> bool:
    """Say whether a role includes another: staff < manager < admin."""
    return ROLES.index(role) >= ROLES.index(wanted)


def sees(user: User, path: str) -> bool:
    """Say whether a unit's path lies in the user's part of the tree."""
    return path == user.unit or path.startswith(user.unit + "/")


def worked_on(user: User, order: RepairOrder) -> bool:
    """Say whether the user is the engineer or adviser on an order, who never handles its visit."""
    names = {name.strip().casefold() for name in (order.engineer, order.adviser) if name.strip()}
    return user.name.strip().casefold() in names
