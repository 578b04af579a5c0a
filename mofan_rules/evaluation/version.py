"""The version of the installed package."""


def version() -> str:
    """As its metadata says; `0` when run from a folder that was never installed."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed

    try:
        return installed("mofan-rules")
    except PackageNotFoundError:
        return "0"
