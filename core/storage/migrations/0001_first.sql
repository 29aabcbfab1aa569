-- The first schema: people, tickets with their event log, escalations, feed, outbox, text index.
-- oldest reader: 1
CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID, STRICT;
-- step
CREATE TABLE tier (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    rank INTEGER NOT NULL,
    duty TEXT NOT NULL DEFAULT '',
    accept_ms INTEGER NOT NULL,
    resolve_ms INTEGER NOT NULL,
    reply_ms INTEGER NOT NULL
) WITHOUT ROWID, STRICT;
-- step
CREATE TABLE team (
    name TEXT PRIMARY KEY,
    tier TEXT NOT NULL REFERENCES tier (id),
    confidential INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID, STRICT;
-- step
CREATE TABLE agent (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    email TEXT NOT NULL DEFAULT '',
    home_tier TEXT NOT NULL REFERENCES tier (id),
    granted_tiers TEXT NOT NULL DEFAULT '[]',
    teams TEXT NOT NULL DEFAULT '[]',
    role INTEGER NOT NULL DEFAULT 0,
    is_active INTEGER NOT NULL DEFAULT 1
) WITHOUT ROWID, STRICT;
-- step
CREATE TABLE organization (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    plan TEXT NOT NULL DEFAULT '',
    arr INTEGER,
    health INTEGER,
    renewal TEXT NOT NULL DEFAULT '',
    flags TEXT NOT NULL DEFAULT '[]'
) STRICT;
-- step
CREATE TABLE requester (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    email TEXT NOT NULL DEFAULT '',
    organization INTEGER REFERENCES organization (id)
) STRICT;
-- step
CREATE UNIQUE INDEX requester_identity ON requester (email COLLATE NOCASE, name);
-- step
-- id is (day of creation since 1970) << 20 | counter in the day, so that walking it backwards is
-- newest first for lists, search and history alike, without another index.
CREATE TABLE ticket (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    import INTEGER NOT NULL DEFAULT 0,
    subject TEXT NOT NULL,
    channel TEXT NOT NULL DEFAULT '',
    category TEXT NOT NULL DEFAULT '',
    product TEXT NOT NULL DEFAULT '',
    type TEXT NOT NULL DEFAULT '',
    priority INTEGER NOT NULL,
    severity INTEGER,
    status INTEGER NOT NULL,
    is_awaiting_yes INTEGER NOT NULL DEFAULT 0,
    is_complex INTEGER NOT NULL DEFAULT 0,
    tier TEXT NOT NULL,
    start_tier TEXT NOT NULL,
    team TEXT NOT NULL DEFAULT '',
    assignee TEXT NOT NULL DEFAULT '',
    requester INTEGER REFERENCES requester (id),
    organization INTEGER REFERENCES organization (id),
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    tags TEXT NOT NULL DEFAULT '[]',
    followers TEXT NOT NULL DEFAULT '[]',
    fields TEXT NOT NULL DEFAULT '{}',
    flag_note TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL DEFAULT '',
    clock TEXT NOT NULL DEFAULT '',
    clock_start INTEGER,
    due INTEGER NOT NULL DEFAULT 9223372036854775807
) STRICT;
-- step
-- The order in which a queue is worked; covers the whole spine of a queue without touching a row.
-- status stands in it only because a query that names it would otherwise have to fetch the row.
CREATE INDEX ticket_queue ON ticket
    (tier, due, priority DESC, created, key, status, team, assignee, import)
    WHERE status < 4;
-- step
CREATE INDEX ticket_assignee ON ticket
    (assignee, due, priority DESC, created, key, status, team, tier, import)
    WHERE status < 4 AND assignee <> '';
-- step
CREATE INDEX ticket_flagged ON ticket (tier, due, priority DESC, created, key)
    WHERE status < 4 AND flag_note <> '';
-- step
CREATE INDEX ticket_awaiting ON ticket (tier, due, priority DESC, created, key)
    WHERE is_awaiting_yes = 1;
-- step
-- Finds "4812" among the keys "zd:4812" of remote tickets.
CREATE INDEX ticket_number ON ticket (substr(key, instr(key, ':') + 1)) WHERE instr(key, ':') > 0;
-- step
CREATE INDEX ticket_import ON ticket (import) WHERE import <> 0;
-- step
CREATE INDEX ticket_organization ON ticket (organization) WHERE organization IS NOT NULL;
-- step
CREATE INDEX ticket_requester ON ticket (requester) WHERE requester IS NOT NULL;
-- step
CREATE TABLE message (
    id INTEGER PRIMARY KEY,
    ticket INTEGER NOT NULL REFERENCES ticket (id),
    at INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    author INTEGER NOT NULL,
    author_name TEXT NOT NULL DEFAULT '',
    text TEXT NOT NULL,
    html TEXT NOT NULL DEFAULT ''
) STRICT;
-- step
CREATE INDEX message_ticket ON message (ticket);
-- step
CREATE TABLE blob (
    sha256 BLOB PRIMARY KEY,
    data BLOB NOT NULL
) STRICT;
-- step
CREATE TABLE attachment (
    id INTEGER PRIMARY KEY,
    message INTEGER NOT NULL REFERENCES message (id),
    name TEXT NOT NULL,
    content_type TEXT NOT NULL DEFAULT '',
    size INTEGER NOT NULL,
    sha256 BLOB NOT NULL REFERENCES blob (sha256)
) STRICT;
-- step
CREATE INDEX attachment_message ON attachment (message);
-- step
CREATE INDEX attachment_blob ON attachment (sha256);
-- step
-- The append-only log. Clustered by ticket, in the one order of its events: a history is one range.
-- ticket 0 holds what concerns the workspace itself (people, tiers, settings).
CREATE TABLE event (
    ticket INTEGER NOT NULL,
    ord INTEGER NOT NULL,
    id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    actor TEXT NOT NULL DEFAULT '',
    actor_kind INTEGER NOT NULL DEFAULT 1,
    tier TEXT,
    team TEXT,
    assignee TEXT,
    status INTEGER,
    priority INTEGER,
    note TEXT NOT NULL DEFAULT '',
    message INTEGER,
    data TEXT NOT NULL DEFAULT '',
    operation TEXT NOT NULL DEFAULT '',
    origin INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (ticket, ord, id)
) WITHOUT ROWID, STRICT;
-- step
CREATE TABLE escalation (
    ticket INTEGER NOT NULL REFERENCES ticket (id),
    position INTEGER NOT NULL,
    id TEXT NOT NULL UNIQUE,
    kind INTEGER NOT NULL,
    trigger_kind INTEGER NOT NULL,
    reason_code TEXT NOT NULL,
    sentence TEXT NOT NULL,
    from_tier TEXT NOT NULL,
    to_tier TEXT NOT NULL,
    from_rank INTEGER NOT NULL,
    to_rank INTEGER NOT NULL,
    from_team TEXT NOT NULL,
    to_team TEXT NOT NULL,
    from_assignee TEXT NOT NULL,
    priority_before INTEGER,
    actor TEXT NOT NULL,
    note TEXT NOT NULL,
    opened INTEGER NOT NULL,
    moved INTEGER,
    accepted INTEGER,
    accepted_by TEXT NOT NULL,
    ended INTEGER,
    outcome INTEGER NOT NULL,
    verdict INTEGER,
    notice_skipped TEXT NOT NULL,
    PRIMARY KEY (ticket, position)
) WITHOUT ROWID, STRICT;
-- step
CREATE TABLE stage (
    ticket INTEGER NOT NULL,
    escalation INTEGER NOT NULL,
    position INTEGER NOT NULL,
    stage INTEGER NOT NULL,
    owner TEXT NOT NULL,
    entered INTEGER NOT NULL,
    limit_at INTEGER,
    left_at INTEGER,
    PRIMARY KEY (ticket, escalation, position),
    FOREIGN KEY (ticket, escalation) REFERENCES escalation (ticket, position)
) WITHOUT ROWID, STRICT;
-- step
-- At most one open stage in each escalation, held by the store itself.
CREATE UNIQUE INDEX stage_open ON stage (ticket, escalation) WHERE left_at IS NULL;
-- step
CREATE TABLE handoff (
    escalation TEXT NOT NULL REFERENCES escalation (id),
    version INTEGER NOT NULL,
    ticket INTEGER NOT NULL,
    frozen INTEGER NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (escalation, version)
) WITHOUT ROWID, STRICT;
-- step
CREATE INDEX handoff_ticket ON handoff (ticket, frozen);
-- step
-- What changed, for readers that keep a picture of the store. ticket 0: look at everything again.
CREATE TABLE feed (
    rev INTEGER PRIMARY KEY AUTOINCREMENT,
    ticket INTEGER NOT NULL
) STRICT;
-- step
CREATE TABLE outbox (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL,
    ticket INTEGER NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL,
    created INTEGER NOT NULL,
    not_before INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    next_try INTEGER NOT NULL DEFAULT 0,
    error TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID, STRICT;
-- step
CREATE TABLE import (
    id INTEGER PRIMARY KEY,
    source TEXT NOT NULL,
    started INTEGER NOT NULL,
    finished INTEGER
) STRICT;
-- step
-- Which import is under way: there are few rows with no end, and queries ask for them each time.
CREATE INDEX import_unfinished ON import (id) WHERE finished IS NULL;
-- step
-- One row of text for each ticket: what the text index is made of, and what it is checked against.
CREATE VIEW search_document AS
SELECT t.id AS id,
       t.key || ' ' || t.subject AS subject,
       coalesce(r.name, '') || ' ' || coalesce(r.email, '') || ' ' || coalesce(o.name, '') AS people,
       coalesce((SELECT group_concat(text, char(10)) FROM (
           SELECT m.text AS text FROM message m WHERE m.ticket = t.id ORDER BY m.id)), '') AS body
FROM ticket t
LEFT JOIN requester r ON r.id = t.requester
LEFT JOIN organization o ON o.id = t.organization;
-- step
CREATE VIRTUAL TABLE search USING fts5 (
    subject, people, body,
    content = 'search_document', content_rowid = 'id',
    tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3 4'
);
-- step
-- Merging half as often makes writing text a third cheaper; search does not feel the few segments more.
INSERT INTO search (search, rank) VALUES ('automerge', 8);
