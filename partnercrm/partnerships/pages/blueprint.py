"""What the pages of partnerships hang on."""

from partnercrm.partnerships.words import WORDS
from partnercrm.web.page import Pages

pages = Pages("partnerships", "partnercrm.partnerships", WORDS)
