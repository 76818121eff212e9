"""What the pages of notices hang on."""

from partnercrm.notices.words import WORDS
from partnercrm.web.page import Pages

pages = Pages("notices", "partnercrm.notices", WORDS)
