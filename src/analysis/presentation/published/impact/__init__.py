"""What would have happened otherwise, as pages show it: the protocol, what could be seen, what is seen."""
