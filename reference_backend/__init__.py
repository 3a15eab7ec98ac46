"""A small, correct implementation of email-and-password authentication, one module per noun.

Modules call each other as `module.function`, so a function can be replaced from outside to see what breaks.
"""
