-- Ways to people over a network, where what is for whom goes, and what of it has arrived.
-- oldest reader: 2
CREATE TABLE way (
    name TEXT PRIMARY KEY,
    type TEXT NOT NULL,
    url TEXT NOT NULL,
    user TEXT NOT NULL,
    options TEXT NOT NULL,
    authorities BLOB NOT NULL,
    problem TEXT NOT NULL,
    created INTEGER NOT NULL
) WITHOUT ROWID, STRICT;
-- step
-- kind is a NoticeTarget; an empty target stands for all of a kind.
CREATE TABLE notice_route (
    kind INTEGER NOT NULL,
    target TEXT NOT NULL,
    way TEXT NOT NULL REFERENCES way (name) ON DELETE CASCADE,
    address TEXT NOT NULL,
    PRIMARY KEY (kind, target, way, address)
) WITHOUT ROWID, STRICT;
-- step
CREATE TABLE delivery (
    id TEXT PRIMARY KEY,
    notice INTEGER REFERENCES notice (id) ON DELETE CASCADE,
    ticket INTEGER NOT NULL REFERENCES ticket (id) ON DELETE CASCADE,
    topic TEXT NOT NULL,
    way TEXT NOT NULL,
    address TEXT NOT NULL,
    receiver TEXT NOT NULL,
    act INTEGER NOT NULL,
    state INTEGER NOT NULL,
    is_urgent INTEGER NOT NULL,
    is_fallback INTEGER NOT NULL,
    made INTEGER NOT NULL,
    next INTEGER,
    attempts INTEGER NOT NULL,
    looks INTEGER NOT NULL,
    refused_since INTEGER,
    sent INTEGER,
    receipt TEXT NOT NULL,
    error TEXT NOT NULL
) WITHOUT ROWID, STRICT;
-- step
-- What is to be tried, the urgent first; 0 waits, 1 was under way, 5 is for a digest.
CREATE INDEX delivery_next ON delivery (way, is_urgent DESC, next) WHERE state IN (0, 1, 5);
-- step
-- What was told of a topic at an address before.
CREATE INDEX delivery_topic ON delivery (topic, way, address);
-- step
-- What arrived lately.
CREATE INDEX delivery_sent ON delivery (sent) WHERE act = 0 AND state = 2;
-- step
-- How much one person got in the last hour.
CREATE INDEX delivery_receiver ON delivery (receiver, sent) WHERE receiver <> '' AND sent IS NOT NULL;
-- step
CREATE INDEX delivery_ticket ON delivery (ticket);
-- step
-- Some notices come of no rule: a ticket that a person escalated. They have a topic of their own.
CREATE TABLE notice_new (
    id INTEGER PRIMARY KEY,
    firing INTEGER REFERENCES firing (number) ON DELETE CASCADE,
    ticket INTEGER NOT NULL REFERENCES ticket (id) ON DELETE CASCADE,
    at INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    target TEXT NOT NULL,
    text TEXT NOT NULL,
    is_urgent INTEGER NOT NULL,
    state INTEGER NOT NULL,
    topic TEXT NOT NULL DEFAULT '',
    routed INTEGER NOT NULL DEFAULT 0
) STRICT;
-- step
INSERT INTO notice_new (id, firing, ticket, at, kind, target, text, is_urgent, state, routed)
    SELECT id, firing, ticket, at, kind, target, text, is_urgent, state, 1 FROM notice;
-- step
DROP TABLE notice;
-- step
ALTER TABLE notice_new RENAME TO notice;
-- step
CREATE INDEX notice_waiting ON notice (kind, target, at) WHERE state = 0;
-- step
CREATE INDEX notice_ticket ON notice (ticket);
-- step
-- What no deliveries were made of yet.
CREATE INDEX notice_unrouted ON notice (at) WHERE routed = 0;
