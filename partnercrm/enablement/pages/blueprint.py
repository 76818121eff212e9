"""What the pages of enablement hang on."""

from partnercrm.enablement.words import WORDS
from partnercrm.web.page import Pages

pages = Pages("enablement", "partnercrm.enablement", WORDS)
