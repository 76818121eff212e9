"""What the pages of cases hang on."""

from partnercrm.cases.words import WORDS
from partnercrm.web.page import Pages

pages = Pages("cases", "partnercrm.cases", WORDS)
