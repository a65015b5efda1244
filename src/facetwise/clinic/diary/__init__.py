"""The pain diary on the patient's phone: a link that opens it, entries that come when there is a connection."""
