"""Messages to families: drawn from templates, read and edited by staff, sent by their hand."""
