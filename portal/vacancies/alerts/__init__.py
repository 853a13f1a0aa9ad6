"""Job alerts: any search as a mail, for whoever confirmed that the mailbox is theirs; no account."""
