"""What the territories ask and what people answer: local questions, surveys, coded answers."""
