"""Shapes of incentives on the wire."""
