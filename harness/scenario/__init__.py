"""The state of one scenario: its people, what they hold, what was accepted and tried."""
