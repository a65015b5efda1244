"""`python -m facetwise`, and what `spark-submit` starts: it wants a file that ends in .py."""

from facetwise.cli.main import run

if __name__ == "__main__":
    run()
