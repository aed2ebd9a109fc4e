"""Partners who book over the API: their keys, their quotas, their last calls."""
