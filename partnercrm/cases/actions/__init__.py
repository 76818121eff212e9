"""What is done with cases."""

from partnercrm.cases.actions.settling import open_case

__all__ = ["open_case"]
