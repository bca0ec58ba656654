"""Keys, sealing, the audit trail and disclosure control: what the promises rest on.

It does not know what is sealed or counted; rooms hand in bytes and cells.
"""
