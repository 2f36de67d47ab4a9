"""The parts of a page: blocks, tables, sentences, numbers of measures, links and marks."""
