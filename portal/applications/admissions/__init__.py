"""Late applications: HR lets one candidate send one application after closing, for a recorded reason."""
