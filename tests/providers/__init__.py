"""Local servers that speak the providers' protocols, so that channels are tested with the real client libraries."""
