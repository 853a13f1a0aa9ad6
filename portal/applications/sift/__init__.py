"""HR and hiring managers work the applications: lists, one application, changes of status, notes."""
