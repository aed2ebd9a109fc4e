"""One person's data: where it lies, all of it in her hands, and gone."""
