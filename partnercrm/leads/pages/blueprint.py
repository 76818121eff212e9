"""What the pages of the lead exchange hang on."""

from partnercrm.leads.words import WORDS
from partnercrm.web.page import Pages

pages = Pages("leads", "partnercrm.leads", WORDS)
