"""What the first long talk goes through, kept as short choices and never as a story."""
