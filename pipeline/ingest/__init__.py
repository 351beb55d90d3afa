"""Ingest: surveys, transcripts and submissions as they arrived, turned into checked tables.

Everything here happens before redaction: what it returns belongs in a study's private folder.
"""

from pipeline.ingest.check import check_sources
from pipeline.ingest.files import file_hashes, same_talks, source_files
from pipeline.ingest.propose import propose_study
from pipeline.ingest.read import Ingested, read_sources

__all__ = ["Ingested", "check_sources", "file_hashes", "propose_study", "read_sources", "same_talks", "source_files"]
