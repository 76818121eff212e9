"""Organizations, their users, teams, roles, sessions and API tokens."""
