"""What the pages of registered deals hang on."""

from partnercrm.deals.words import WORDS
from partnercrm.web.page import Pages

pages = Pages("deals", "partnercrm.deals", WORDS)
