"""Reading what households wrote, passing a concern on, and records that only named people see."""
