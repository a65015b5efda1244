"""Tables written chunk by chunk: in one file each, or in several, so that no file's index grows without end."""

from pathlib import Path
from types import TracebackType
from typing import IO, Any

import pyarrow.parquet as pq

Content = Any
"""What is added to a table: an Arrow table for Parquet, or lines as bytes for NDJSON."""


class Parts:
    """The files of a folder being written.

    A table is `name.parquet` or `name.ndjson`; of more chunks than a file may have `name/part-00000.parquet` and so on.
    """

    def __init__(self, folder: Path, chunks: int, chunks_per_file: int) -> None:
        self.folder = folder
        self.in_folders = chunks > chunks_per_file
        self.chunks_per_file = chunks_per_file
        self.rows: dict[str, int] = {}
        self._chunks = 0
        self._open: dict[str, pq.ParquetWriter | IO[bytes]] = {}

    def __enter__(self) -> "Parts":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        for file in self._open.values():
            try:
                file.close()
            except OSError:
                if error is None:
                    raise

    def add(self, tables: dict[str, Content]) -> None:
        """More of every table: a row group of its own, or so many lines."""
        for name, content in tables.items():
            if name not in self._open:
                self._open[name] = self._begun(name, content)
            file = self._open[name]
            if isinstance(file, pq.ParquetWriter):
                if len(content):
                    file.write_table(content, row_group_size=len(content))
                rows = len(content)
            else:
                file.write(content)
                rows = content.count(b"\n")
            self.rows[name] = self.rows.get(name, 0) + rows

    def chunk_done(self) -> None:
        """Close the files that have as many chunks as they may."""
        self._chunks += 1
        if self.in_folders and self._chunks % self.chunks_per_file == 0:
            while self._open:
                self._open.popitem()[1].close()

    def _begun(self, name: str, content: Content) -> "pq.ParquetWriter | IO[bytes]":
        number = self._chunks // self.chunks_per_file
        ending = "ndjson" if isinstance(content, bytes) else "parquet"
        path = self.folder / (f"{name}/part-{number:05}.{ending}" if self.in_folders else f"{name}.{ending}")
        path.parent.mkdir(exist_ok=True)
        if isinstance(content, bytes):
            return path.open("wb")
        return pq.ParquetWriter(path, content.schema, store_schema=False)
