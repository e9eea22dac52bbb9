"""Writes spacy_exceptions.txt: the strings that spaCy's English tokenizer splits, or keeps whole, by a list of its own.

They are separated by white space; a dot marks where one is split. Run with spaCy 3.8 installed:
python data/english/make_spacy_exceptions.py
"""

import textwrap
from pathlib import Path

import spacy
from spacy.symbols import ORTH

rules = spacy.blank("en").tokenizer.rules.values()
entries = ["·".join(token[ORTH] for token in tokens) for tokens in rules]
entries = sorted(entry for entry in entries if not any(character.isspace() for character in entry))
lines = textwrap.wrap(" ".join(entries), 118, break_long_words=False, break_on_hyphens=False)
Path(__file__).with_name("spacy_exceptions.txt").write_text("\n".join(lines) + "\n", encoding="utf8")
