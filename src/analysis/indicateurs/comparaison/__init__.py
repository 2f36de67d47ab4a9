"""What the experiment is compared with: amounts, people, effects, from published figures alone."""
