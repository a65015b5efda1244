"""Links that open one thing for one patient: the pain diary of a procedure, or the decision aid."""
