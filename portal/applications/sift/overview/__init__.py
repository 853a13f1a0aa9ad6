"""The vacancies with applications, and what waits in them."""
