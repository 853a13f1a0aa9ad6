"""A household’s link to its own enquiry: change how it is reached, ask for another day, withdraw."""
