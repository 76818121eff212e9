"""What every room stands on and no business word enters: database, errors, actor, clock, money, jobs, ids."""
