"""What somebody has done since leaving education: learning, work, the time between, and who knows of it."""
