"""The record on the screen: section by section written and corrected, its versions compared and restored."""
