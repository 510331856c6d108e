"""What the desk looks at and does: finding tickets, one ticket's whole file, and the orders staff give."""
