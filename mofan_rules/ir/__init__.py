"""The waist: a small closed set of nodes into which each kind lowers itself and which each executor computes."""
