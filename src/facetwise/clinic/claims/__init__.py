"""Claims of the clinic's patients, uploaded: looked at beside the records before any of it is added."""
