"""Which addresses lead to this machine only."""

import socket
from ipaddress import ip_address


def is_loopback(host: str) -> bool:
    """Is it `localhost`, or an address of the loopback interface?"""
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def leads_home(host: str) -> bool:
    """Does a name or address, to listen at, lead to this machine only, whichever of its addresses is meant?

    Raises
    ------
    OSError: if there is no such name.
    """
    found = {str(one[4][0]) for one in socket.getaddrinfo(host or None, 0, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)}
    return all(is_loopback(address.partition("%")[0]) for address in found)


def host_of(header: str) -> str:
    """The host in a header `Host`: without the port, and an IPv6 address without its brackets."""
    if header.startswith("["):
        return header[1:].partition("]")[0]
    return header.partition(":")[0]
