"""The reproduction ledger: published results beside those of stored records, disagreements included.

``ganbench ledger DIR ...`` keeps what it needs of results folders as small CSVs (``records``), judges every
anchor by them (``anchors``, ``claims``) and writes ``REPRODUCTION.md`` (``page``).
"""
