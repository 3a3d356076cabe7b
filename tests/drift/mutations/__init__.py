"""Ways to change a document, each with what the diff must say of it."""
