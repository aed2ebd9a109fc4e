"""Who did what in the organisation: the audit trail, found by person, time, venue, kind and subject."""
