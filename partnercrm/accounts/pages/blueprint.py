"""What the pages of accounts hang on."""

from partnercrm.accounts.words import WORDS
from partnercrm.web.page import Pages

pages = Pages("accounts", "partnercrm.accounts", WORDS)
