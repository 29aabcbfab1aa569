-- Policies and calendars of service agreements through their editions, and the zones of customers and teams.
-- oldest reader: 2
CREATE TABLE policy_edition (
    number INTEGER PRIMARY KEY,
    valid_from INTEGER NOT NULL,
    made INTEGER NOT NULL,
    actor TEXT NOT NULL,
    why TEXT NOT NULL,
    document TEXT NOT NULL
) STRICT;
-- step
CREATE TABLE calendar_edition (
    name TEXT NOT NULL,
    number INTEGER NOT NULL,
    valid_from INTEGER NOT NULL,
    made INTEGER NOT NULL,
    actor TEXT NOT NULL,
    why TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (name, number)
) WITHOUT ROWID, STRICT;
-- step
-- Whose wall a policy's hours may be read on: owner 0 a customer, 1 an organization, 2 a team.
CREATE TABLE zone_of (
    owner INTEGER NOT NULL,
    id TEXT NOT NULL,
    zone TEXT NOT NULL,
    PRIMARY KEY (owner, id)
) WITHOUT ROWID, STRICT;
