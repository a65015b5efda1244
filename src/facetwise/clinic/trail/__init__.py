"""The audit trail: who read and wrote what, in a chain that shows any removal or change."""
