"""What the pages of incentives hang on."""

from partnercrm.incentives.words import WORDS
from partnercrm.web.page import Pages

pages = Pages("incentives", "partnercrm.incentives", WORDS)
