"""Printable copies of an application: a page, a PDF, and an archive of many."""
