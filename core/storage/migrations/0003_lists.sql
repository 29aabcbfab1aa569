-- The few tickets that are flagged, and the escalations under way, found without reading the others.
-- oldest reader: 2
CREATE INDEX ticket_flag ON ticket (id) WHERE flag_note <> '';
-- step
CREATE INDEX escalation_under_way ON escalation (ticket) WHERE moved IS NOT NULL AND ended IS NULL;
