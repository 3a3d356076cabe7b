"""Programs that run in the environments of what is compared: each stands alone and prints JSON as its last line."""
