"""What sellers must know before they co-sell: programmes, results, who is enabled as of any moment, and the gate."""
