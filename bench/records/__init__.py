"""What runs leave behind: records, the hand-over files of workers, and the results store."""
