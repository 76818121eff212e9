"""Aliases of models that all threads of a process share."""

from typing import TypeVar

from sqlalchemy import inspect
from sqlalchemy.orm import aliased

from partnercrm.kernel.db import Base

Model = TypeVar("Model", bound=Base)


def shared_alias(model: type[Model], name: str) -> type[Model]:
    """Return an alias for the whole life of the process, whose columns are found now.

    SQLAlchemy finds them when they are first asked for, unguarded: of two threads that ask at once one may be given
    the model's own column instead, which the alias then keeps for good, and a join is left without its condition.
    """
    alias = aliased(model, name=name)
    for column in inspect(alias).mapper.column_attrs:
        getattr(alias, column.key).__clause_element__()
    return alias
