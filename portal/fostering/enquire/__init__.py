"""What the public meets: the information page and the enquiry."""
