"""Reading how deals are shared and divided."""
