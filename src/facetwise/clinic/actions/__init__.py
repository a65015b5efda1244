"""Everything that writes. Each action checks, writes, works out where the patient stands, and leaves its trail."""
