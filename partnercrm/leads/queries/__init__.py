"""Reading the lead exchange, always from what the actor may see."""
