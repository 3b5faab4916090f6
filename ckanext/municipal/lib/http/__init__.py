"""The one guarded HTTP client: ``with Client() as client, client.get(url) as answer: ...``.

Connects only to public addresses (checked when the connection is made), within limits of time,
size and compression ratio, with retries and conditional requests. Raises ``HttpError`` subclasses
whose message is a sentence for people. Pure: the caller reads the portal's settings.
"""

from ckanext.municipal.lib.http.answer import Answer
from ckanext.municipal.lib.http.body import Limits
from ckanext.municipal.lib.http.client import Client
from ckanext.municipal.lib.http.errors import (
    AddressRefused,
    BadStatus,
    BodyBroken,
    Busy,
    HttpError,
    NameNotFound,
    NotAllowed,
    NotThere,
    TlsRefused,
    TookTooLong,
    TooLarge,
    TooManyRedirects,
    Unreachable,
    UrlRefused,
)
from ckanext.municipal.lib.http.requests_api import GuardedRequests, GuardedSession, RequestRefused
from ckanext.municipal.lib.http.retries import Retries
from ckanext.municipal.lib.http.transport import Guard, GuardedAdapter
from ckanext.municipal.lib.http.urls import shown

__all__ = [
    "AddressRefused",
    "Answer",
    "BadStatus",
    "BodyBroken",
    "Busy",
    "Client",
    "Guard",
    "GuardedAdapter",
    "GuardedRequests",
    "GuardedSession",
    "HttpError",
    "Limits",
    "NameNotFound",
    "NotAllowed",
    "NotThere",
    "RequestRefused",
    "Retries",
    "TlsRefused",
    "TooLarge",
    "TooManyRedirects",
    "TookTooLong",
    "Unreachable",
    "UrlRefused",
    "shown",
]
