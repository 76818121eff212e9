"""What is done about enablement: keeping a programme, doing what is in it, setting gates and letting people pass."""
