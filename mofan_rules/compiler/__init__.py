"""Programs as SQL: one compiler for all dialects, which writes trees of sqlglot's nodes."""
