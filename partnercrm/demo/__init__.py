"""The demonstration: the story its data tell, and what it says when it is up."""
