"""What invented people and territories say: surveys, opinions, questions, coded texts."""
