"""The entries of the table of codes, a file for each part of the library that reports problems."""
