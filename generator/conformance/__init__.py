"""Whether a document is OpenAPI 3.1: told at a glance where it is, and by openapi-spec-validator where it may not be.

openapi-spec-validator has the last word and all the words, and takes five seconds for the corrected document. `form` and
`meaning` take a tenth of a second, and say yes only where it has nothing to object; where they do not, it is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.conformance import form, meaning
from generator.conformance.places import WAY_OUT, objects, place_in

__all__ = ["WAY_OUT", "check_form", "check_meaning", "objects", "place_in"]


def check_form(document: Mapping[str, Any]) -> None:
    """Makes sure that everything in a document has the form OpenAPI 3.1 gives it, every schema included.

    Raises:
        GeneratorError: something has not; the message names the place.
    """
    if not form.is_sound(document):
        from generator.conformance import objections  # it and what it imports take half a second

        objections.check_form(document)


def check_meaning(document: Mapping[str, Any]) -> None:
    """Makes sure of what else openapi-spec-validator knows: defaults fit their schemas, what is required is defined.

    It crashes on a document whose form is wrong, or whose references lead nowhere: these are checked before.

    Raises:
        GeneratorError: the validator objects.
    """
    if not meaning.is_sound(document):
        from generator.conformance import objections

        objections.check_meaning(document)
