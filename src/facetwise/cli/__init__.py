"""The command line: thin, one file per command. What a command answers is decided below, never here."""
