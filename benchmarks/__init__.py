"""What the client and its generator cost, measured beside their peers in one run; `make bench` writes RESULTS.md."""
