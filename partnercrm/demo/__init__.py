"""The demonstration: an installation on an embedded server, and the story its data tell."""
