"""Writes spacyExceptions.ts: the strings that spaCy's English tokenizer splits, or keeps whole, by a list of its own.

Run with spaCy 3.8 installed: python src/data/make_spacy_exceptions.py
"""

import textwrap
from pathlib import Path

import spacy
from spacy.symbols import ORTH

rules = spacy.blank("en").tokenizer.rules.values()
entries = ["·".join(token[ORTH] for token in tokens) for tokens in rules]
entries = sorted(entry for entry in entries if not any(character.isspace() for character in entry))
lines = textwrap.wrap(" ".join(entries), 118, break_long_words=False, break_on_hyphens=False)
text = "\n".join(lines).replace("\\", "\\\\").replace("`", "\\`").replace("${", "\\${")

Path(__file__).with_name("spacyExceptions.ts").write_text(
    f"""// Written by make_spacy_exceptions.py from spaCy {spacy.__version__} (MIT licence, Copyright ExplosionAI GmbH); do not edit.

/** Strings with a fixed tokenisation in spaCy's English rules, separated by white space; a dot marks where one is split. */
export const spacyExceptions = `
{text}
`;
""",
    encoding="utf8",
)
