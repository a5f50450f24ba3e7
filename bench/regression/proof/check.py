"""``python -m bench.regression.proof.check``: exit 1 where the tracker takes slow for fast."""

from __future__ import annotations

import sys

from bench.regression.proof.tracker import self_check

if __name__ == "__main__":
    wrong = self_check()
    print("\n".join(wrong) or "the tracker tells slow from fast")
    sys.exit(1 if wrong else 0)
