"""Words and search: reasons, calculations, the registry. May fail, cannot lie."""
