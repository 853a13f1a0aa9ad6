"""Whose household it is: taken, handed over, and looked after while somebody is away."""
