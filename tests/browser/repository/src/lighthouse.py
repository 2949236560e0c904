"""Tells ferries where the harbour lies."""

from dataclasses import dataclass


@dataclass
class Lighthouse:
    latitude: float
    longitude: float

    def flash(self, seconds: float) -> str:
        """One flash of the lamp, as long as the keeper asks."""
        return f"flash for {seconds} s at {self.latitude}, {self.longitude}"
