"""What the house says, in the reader's language: programs read English, pages go through the translations."""

from flask_babel import gettext

from partnercrm.kernel.errors import Told


def spoken(text: str) -> str:
    """Return a sentence of a refusal in the language of the page; unknown ones stay as they are."""
    if isinstance(text, Told):
        values = {name: spoken(value) if isinstance(value, Told) else value for name, value in text.values.items()}
        return str(gettext(text.sentence, **values))
    return str(gettext(text)) if text else text
