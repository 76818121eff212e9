"""What one side has shown the other, by tier; receipts."""
