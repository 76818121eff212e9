"""The door that identity's API operations hang on."""

from partnercrm.web.endpoint import Door

api = Door("identity", prefix="/api/v1", description="Your organization's people, teams and tokens.")
