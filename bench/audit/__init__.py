"""A look at training data before a GAN sees them: what is wrong, what it does to training, what to do."""

from bench.audit.finding import Finding
from bench.audit.folder import subject_of_folder
from bench.audit.registry import CHECKS, audit
from bench.audit.subject import Subject, subject_of

__all__ = ["CHECKS", "Finding", "Subject", "audit", "subject_of", "subject_of_folder"]
