"""Ports on which tests let servers listen."""

import random
import socket

# Below what Linux gives to outgoing connections (32768 and up): a server that is killed and started again would now
# and then find its port taken by a client, and a client that knocks meanwhile could be connected to itself.
FIRST, LAST = 18_000, 32_000
CHANCE = random.SystemRandom()  # tests that run side by side must not look in the same places, whatever they seeded
GIVEN: set[int] = set()


def free_port() -> int:
    """Give a port of this machine that nobody listens on, and never the same one twice."""
    while True:
        port = CHANCE.randint(FIRST, LAST)
        if port in GIVEN:
            continue
        with socket.socket() as taken:
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                taken.bind(("127.0.0.1", port))
            except OSError:
                continue
        GIVEN.add(port)
        return port
