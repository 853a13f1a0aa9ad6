"""Candidates’ accounts and their own pages."""
