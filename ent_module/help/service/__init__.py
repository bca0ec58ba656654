"""What other rooms and the views call. Takes a database session and plain values; commits nothing."""
