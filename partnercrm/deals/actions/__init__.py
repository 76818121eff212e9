"""What each side does to registrations, and what the record and the clock do."""
