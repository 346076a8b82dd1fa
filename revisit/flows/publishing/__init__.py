"""Publishing: surveys become forms, previews and paper sheets."""
