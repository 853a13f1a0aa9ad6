"""What a household gets at once: the mail that answers its enquiry, and the information pack (domain §6)."""
