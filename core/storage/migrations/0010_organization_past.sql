-- What was known of a customer earlier: a plan that was bought last week explains no ticket of last month.
-- oldest reader: 2
-- What was known of an organization until it was told something else; what holds now stands in its own row.
-- Where nothing stands here, today's facts hold for all of the past.
CREATE TABLE organization_past (
    organization INTEGER NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
    until INTEGER NOT NULL,
    plan TEXT NOT NULL,
    arr INTEGER,
    health INTEGER,
    renewal TEXT NOT NULL,
    flags TEXT NOT NULL,
    PRIMARY KEY (organization, until)
) WITHOUT ROWID, STRICT;
