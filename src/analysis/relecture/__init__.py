"""The review of the chapters: packs out, comments in, answers, and where each comment stands today."""
