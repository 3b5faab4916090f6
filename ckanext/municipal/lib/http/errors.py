"""What can go wrong with a request, each said so that a person knows what to do next.

No message holds a query string, a password or what the other side wrote.
"""

from __future__ import annotations

from typing import Any

from ckanext.municipal.lib.errors import ReadableError
from ckanext.municipal.lib.texts import N_


class HttpError(ReadableError):
    """A request that gave no usable answer."""

    msgid = N_("{url} could not be read. Check the address.")

    def __init__(self, msgid: str = "", *, retry_after: float | None = None, **values: Any) -> None:
        """Take the English msgid (the class's own by default) and what fills its places.

        ``retry_after`` is the wait in seconds that the server asked for.
        """
        super().__init__(msgid, **values)
        self.retry_after = retry_after


class UrlRefused(HttpError):
    """The address is not one that is asked: scheme, port, credentials or shape."""

    msgid = N_("{url} is not a web address. Write one that begins with https:// or http://.")


class AddressRefused(HttpError):
    """The name leads to an address that is not public (private, loopback, reserved ...)."""

    msgid = N_(
        "{host} does not lead to a public address. If the portal is meant to read from it, the"
        " operator adds it to the option ckanext.municipal.http.allow."
    )


class NameNotFound(HttpError):
    """The host name has no address."""

    msgid = N_("{host} was not found. Check the name in the address.")
    again = True


class Unreachable(HttpError):
    """No connection, or one that broke before the answer was whole."""

    msgid = N_("{url}: the connection failed. Check that the server works and try again.")
    again = True


class TlsRefused(HttpError):
    """The server did not prove that it is the one asked for."""

    msgid = N_(
        "{url}: the server's certificate is not valid. Tell the server's owner; nothing was read."
    )


class TookTooLong(HttpError):
    """No byte within the read limit, or not whole within the limit for everything."""

    msgid = N_("{url}: no answer within {seconds} seconds. Try again later.")
    again = True


class TooLarge(HttpError):
    """More bytes than the limit, before or after decompression."""

    msgid = N_("{url} is larger than {limit} MB. Split the file, or raise the limit.")


class BodyBroken(HttpError):
    """The body ended early or cannot be decompressed."""

    msgid = N_("{url}: the answer is broken off or damaged. Try again; then tell its owner.")
    again = True


class TooManyRedirects(HttpError):
    """One redirect after another."""

    msgid = N_("{url} leads from one address to the next. Write the final address instead.")


class BadStatus(HttpError):
    """An HTTP status that is not success."""

    msgid = N_("{url} answered with error {status}. Open it in a browser and check it.")


class NotThere(BadStatus):
    """404 or 410: nothing under that address."""

    msgid = N_("{url}: there is nothing under this address ({status}). Check the address.")


class NotAllowed(BadStatus):
    """401 or 403: the server wants a permission that the portal does not have."""

    msgid = N_("{url} is not open to everybody ({status}). Ask its owner for access.")


class Busy(BadStatus):
    """429, 502, 503 or 504: for now; tried again with growing pauses before it is raised."""

    msgid = N_("{url} is busy or out of order at the moment ({status}). Try again later.")
    again = True


STATUS_ERRORS: dict[int, type[BadStatus]] = {
    401: NotAllowed,
    403: NotAllowed,
    404: NotThere,
    410: NotThere,
    429: Busy,
    502: Busy,
    503: Busy,
    504: Busy,
}
