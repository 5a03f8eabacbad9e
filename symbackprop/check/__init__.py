"""From a text to a verdict on each of its equations."""
