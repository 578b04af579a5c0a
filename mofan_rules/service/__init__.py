"""The library over HTTP: a thin border that reads requests, asks the pipeline or a session, and writes what they answer. It judges nothing itself."""
