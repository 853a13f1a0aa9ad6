"""Where households stand, stage by stage, side by side."""
