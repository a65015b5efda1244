"""`facetwise diary`: how one block worked."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from facetwise.cli.files import read_bytes, write_text, write_whole


class DiaryFormat(StrEnum):
    """How the response is written."""

    TEXT = "text"
    JSON = "json"


def diary(
    file: Annotated[Path, typer.Argument(help="The diary: CSV (see `facetwise diary --help`) or JSON.")],
    svg: Annotated[Path | None, typer.Option("--svg", help="Write the chart to this SVG file.")] = None,
    format_: Annotated[DiaryFormat, typer.Option("--format", "-f", help="How to write the response.")] = (
        DiaryFormat.TEXT
    ),
) -> None:
    """Score one block's pain diary: relief, how long it lasted, and why it cannot be judged if it cannot.

    The CSV has lines such as `# agent: bupivacaine 0.5%`, `# baseline: 7`, `# sedation: none`, then the columns
    minutes (or time, with `# block at: 09:30`), score, and any of stated_relief, provoked, asleep, analgesic, side.

    Example: facetwise diary block1.csv --svg block1.svg
    """
    from facetwise.diary import diary_svg, read_diary, score_block
    from facetwise.records import write_json

    block = read_diary(read_bytes(file), str(file))
    response = score_block(block)
    if format_ is DiaryFormat.JSON:
        write_text(write_json(response).decode(), None)
    else:
        from facetwise.reports.diary_page import diary_page
        from facetwise.reports.text import print_page

        print_page(diary_page(block, response))
    if svg is not None:
        write_whole(svg, diary_svg(block, response))
        typer.echo(f"Chart: {svg}", err=True)
