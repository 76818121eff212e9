"""`python -m partnercrm`: the command line of the whole installation."""

from partnercrm.commands import main

main()
