"""One module per page: routes on top, queries in ``console.desk``."""
