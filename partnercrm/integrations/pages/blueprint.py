"""What the pages of imports and exports hang on."""

from partnercrm.integrations.words import WORDS
from partnercrm.web.page import Pages

pages = Pages("integrations", "partnercrm.integrations", WORDS)
