"""What the operations of partnerships hang on."""

from partnercrm.web.endpoint import Door

api = Door("partnerships", prefix="/api/v1", description="Proposals, partnerships, their terms and phases.")
