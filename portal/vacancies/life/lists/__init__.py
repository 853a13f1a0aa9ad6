"""HR’s lists of adverts by state, with their filters, figures and exports."""
