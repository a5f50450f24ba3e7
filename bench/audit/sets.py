"""Checks of a set as a whole: how many samples, of which classes, how many of them twice, and its files."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from bench.audit.copies import chunks, hashes, near_share, repeated
from bench.audit.finding import Finding, share
from bench.audit.images import BLANK
from bench.audit.pixels import contrasts
from bench.audit.subject import Subject

FEWEST = 1_000
"""With fewer samples discriminators remember them one by one long before generators have learned."""

UNEVEN = 3.0
"""Commonest class over rarest, from where on the rarest is seen too seldom in a batch."""

COPIES = 0.005
NEAR_COPIES = 0.02
LEAKED = 0.005

SHOWN = 5
"""Names that are listed, at most."""


def size(subject: Subject) -> Finding:
    """How many samples there are."""
    count = len(subject.train)
    says = f"{count:,} {subject.noun} to train on"
    if subject.files is not None and subject.files.read < subject.files.files:
        count = subject.files.files
        says = f"{count:,} image files, of which {subject.files.read:,} were looked at"
    if count >= FEWEST:
        return Finding("size", raised=False, number=count, unit=subject.noun, says=says)
    return Finding(
        "size", True, count, subject.noun, says,
        "so few are remembered one by one: the discriminator overfits, the generator copies or collapses",
        "collect more, augment what the discriminator sees (augmentation diffaugment), or make it smaller",
    )  # fmt: skip


def corrupt(subject: Subject) -> Finding | None:
    """Files that cannot be decoded."""
    if subject.files is None:
        return None
    names = subject.files.corrupt
    if not names:
        return Finding("corrupt", False, 0, "files", "every image file can be read")
    return Finding(
        "corrupt", True, len(names), "files",
        f"{len(names)} image files cannot be read: {_few(names)}",
        "training stops at the first of them, or half an image is learned as if it were whole",
        "repair or delete them",
    )  # fmt: skip


def deep(subject: Subject) -> Finding | None:
    """Images of more than 8 bits a channel, whose pixels no check looks at."""
    if subject.files is None:
        return None
    names = subject.files.deep
    if not names:
        return Finding("deep", False, 0, "images", "no image has more than 8 bits a channel")
    return Finding(
        "deep", True, len(names), "images",
        f"{len(names):,} images have more than 8 bits a channel and are not looked at: {_few(names)}",
        "they cannot be trained on, and programs that take them often clip them, so that nearly all is white",
        "convert them to 8 bits a channel, then audit them again",
    )  # fmt: skip


def mixed_sizes(subject: Subject) -> Finding | None:
    """Images of unlike sizes."""
    if subject.files is None:
        return None
    sizes = sorted(subject.files.sizes.items(), key=lambda item: -item[1])
    (width, height), count = sizes[0]
    others = sum(subject.files.sizes.values()) - count
    if not others:
        return Finding("mixed-sizes", False, 0, "images", f"all images have {width} x {height} pixels")
    (wide, tall), _ = sizes[1]
    return Finding(
        "mixed-sizes", True, others, "images",
        f"{others:,} images are not of {width} x {height} pixels, as {wide} x {tall}: {len(sizes)} sizes",
        "resized to one size they differ in sharpness, and the generator learns that difference too",
        "crop and shrink all to one size with an antialiasing filter, and leave out those that would have to "
        "be enlarged",
    )  # fmt: skip


def mixed_kinds(subject: Subject) -> Finding | None:
    """Grey images among colour ones."""
    if subject.files is None:
        return None
    kinds = sorted(subject.files.kinds.items(), key=lambda item: -item[1])
    if len(kinds) == 1:
        return Finding("mixed-kinds", False, 0, "images", f"all images are {kinds[0][0]}")
    (common, _), (rare, count) = kinds[0], kinds[1]
    return Finding(
        "mixed-kinds", True, count, "images",
        f"{count:,} images are {rare} among {common} ones",
        "whether there is colour becomes a mode of its own, which the generator can learn or drop",
        "bring all to one kind",
    )  # fmt: skip


def transparent(subject: Subject) -> Finding | None:
    """Images with transparent pixels."""
    if subject.files is None:
        return None
    count = subject.files.transparent
    if not count:
        return Finding("transparent", False, 0, "images", "no image has transparent pixels")
    return Finding(
        "transparent", True, count, "images",
        f"{count:,} images have transparent pixels",
        "what lies under them is arbitrary, seldom seen by who drew it, and learned all the same",
        "flatten them on a background of your choice",
    )  # fmt: skip


def missing(subject: Subject) -> Finding | None:
    """Classes without any sample."""
    gone = [_class_name(subject, index) for index, count in enumerate(subject.counts.tolist()) if count == 0]
    if len(subject.counts) < 2:
        return None
    if not gone:
        return Finding("missing", False, 0, "classes", f"all {len(subject.counts)} classes have samples")
    return Finding(
        "missing", True, len(gone), "classes",
        f"{len(gone)} of {len(subject.counts)} classes have no sample: {_few(gone)}",
        "a generator cannot learn what it is never shown: this looks like mode collapse and is none",
        "add samples of these classes, or do not count them as modes",
    )  # fmt: skip


def imbalance(subject: Subject) -> Finding | None:
    """The commonest class over the rarest that is there."""
    counts = subject.counts[subject.counts > 0]
    if len(counts) < 2:
        return None
    ratio = float(counts.max() / counts.min())
    most, least = int(subject.counts.argmax()), int((subject.counts == counts.min()).nonzero()[0, 0])
    says = (
        f"the commonest class ({_class_name(subject, most)}: {int(counts.max()):,}) is {ratio:.3g} times as "
        f"common as the rarest ({_class_name(subject, least)}: {int(counts.min()):,})"
    )
    if ratio < UNEVEN:
        return Finding("imbalance", False, ratio, "times", says)
    return Finding(
        "imbalance", True, ratio, "times", says,
        "rare classes are seldom in a batch: the generator can drop them at little cost, and does so first",
        "balance the classes by collecting or by drawing rare ones more often, or score each class apart",
    )  # fmt: skip


def duplicates(subject: Subject) -> Finding:
    """Samples that equal an earlier one."""
    count = repeated(subject.digests)
    part = count / len(subject.digests)
    says = f"{count:,} {subject.noun} ({share(part)}) equal an earlier one"
    if part < COPIES:
        return Finding("duplicates", False, part, "share", says)
    return Finding(
        "duplicates", True, part, "share", says,
        f"there are only {len(subject.digests) - count:,} to learn from, and those that are there often are "
        "remembered first",
        "keep one of each, also between what is trained on and what is held out",
    )  # fmt: skip


def near_duplicates(subject: Subject) -> Finding:
    """Samples with another one nearly upon them; blank images and exact copies do not count."""
    part = near_share(subject.train, subject.digests, _contrasts(subject.train) < BLANK)
    says = f"{share(part)} of the images have another, not equal one closer than a twentieth of the usual way"
    if part < NEAR_COPIES:
        return Finding("near-duplicates", False, part, "share", says)
    return Finding(
        "near-duplicates", True, part, "share", says,
        "they teach as little as copies and escape whoever looks for equal files",
        "keep one of each group: frames of one film, crops of one picture, files stored twice with loss",
    )  # fmt: skip


def held_out(subject: Subject) -> Finding | None:
    """Held-out samples that are trained on as well."""
    if subject.holdout is None:
        return None
    trained = set(subject.digests)
    part = sum(digest in trained for digest in hashes(subject.holdout)) / len(subject.holdout)
    says = f"{share(part)} of the held-out {subject.noun} are trained on as well"
    if part < LEAKED:
        return Finding("held-out", False, part, "share", says)
    return Finding(
        "held-out", True, part, "share", says,
        "scores then reward a generator for remembering",
        "take them out of one of the two",
    )  # fmt: skip


def _contrasts(samples: Tensor) -> Tensor:
    return torch.cat([contrasts(chunk) for chunk in chunks(samples)])


def _class_name(subject: Subject, index: int) -> str:
    return subject.class_names[index] if subject.class_names else str(index)


def _few(names: Sequence[str]) -> str:
    shown = ", ".join(names[:SHOWN])
    return f"{shown} and {len(names) - SHOWN} more" if len(names) > SHOWN else shown
