"""Profiles: which grids to train, read from TOML and checked whole."""

from bench.profile.model import Grid, Profile
from bench.profile.problems import ProfileError
from bench.profile.read import check_profile, profile_names, read_profile, to_toml

__all__ = ["Grid", "Profile", "ProfileError", "check_profile", "profile_names", "read_profile", "to_toml"]
