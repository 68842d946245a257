"""What the scripts in ``tools/`` call. Import the submodule you need: some are heavy."""
