"""Errors of the operating system that say: there is no room, or no writing."""

import errno

DISK_FAULTS = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO)
