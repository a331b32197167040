"""Rules, reactions and the network they grow."""
