"""Generated populations: facts of any size from a profile and a seed, with a manifest of what a check of them must find."""

from mofan_rules.population.cutting import cut
from mofan_rules.population.generate import generate
from mofan_rules.population.profile import Profile, ProfileError, read_profile

__all__ = ["Profile", "ProfileError", "cut", "generate", "read_profile"]
