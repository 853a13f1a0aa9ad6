"""The kernel: knows Flask and SQLAlchemy, knows no feature."""
