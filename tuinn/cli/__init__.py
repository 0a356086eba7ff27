"""The command line: one verb per module, each with `add_arguments` and `run`."""
