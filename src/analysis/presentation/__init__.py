"""Tables, charts, the map and sentences in French, made of released objects only."""
