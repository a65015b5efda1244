"""Answers as pages for people. A page is written once, as blocks, and rendered as text, Markdown or HTML.

Import the module you need: `answers` and `diary_page` build pages, `text`, `markdown` and `html` render them. They are
not gathered here, because each renderer brings a library that a command answering in another format should not load.
"""
