"""The staff's pages: one table of roles, thin pages over the core's use cases."""

from console.outside import Outside
from console.site import mount

__all__ = ["Outside", "mount"]
