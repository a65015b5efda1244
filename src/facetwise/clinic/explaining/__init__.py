"""What a patient is given to read: the page of `facetwise.education`, for this patient's plan."""
