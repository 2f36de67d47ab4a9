"""An executed chapter as an article: its captions, notes, references, data and typography."""
