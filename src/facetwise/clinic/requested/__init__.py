"""What is known of the procedure that comes next before it is done, and stands in no record."""
