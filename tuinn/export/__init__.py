"""Runs as files: their figures, their weights, and reports that people read.

`export` writes runs of the store, `report` what a race has in memory. What cannot be written is
told by `ConfigError`, which names the file.
"""

from tuinn.export.formats import FORMATS, export, format_of, report

__all__ = ["FORMATS", "export", "format_of", "report"]
