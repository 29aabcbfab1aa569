-- What waits is found by whom it is for: notices for others, and those that nobody takes, are not even read.
-- oldest reader: 2
DROP INDEX notice_waiting;
-- step
CREATE INDEX notice_waiting ON notice (kind, target, at) WHERE state = 0;
