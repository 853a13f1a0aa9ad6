"""Answers to candidates: written when a status changes, read and edited by HR, sent only when HR says so."""
