"""What the tests of the store share: a name for a table, and a look past the code under test."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest


@pytest.fixture
def table_id() -> str:
    return str(uuid.uuid4())


@pytest.fixture
def query(with_plugins) -> Callable[..., list[tuple[Any, ...]]]:
    """Ask the DataStore database something, as its owner, beside the code under test."""
    from ckanext.datastore.backend.postgres import get_write_engine

    def ask(statement: str, *values: Any) -> list[tuple[Any, ...]]:
        connection = get_write_engine().raw_connection()
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement, values)
                found = cursor.fetchall() if cursor.description else []
            connection.commit()
            return found
        finally:
            connection.close()

    return ask
