"""Writing an inspection page by page, from the first fact to the second look before it is public."""
