-- The rule book: rules, keyword lists and priority policies through their versions, and every change of them.
-- oldest reader: 2
CREATE TABLE rule_item (
    id TEXT PRIMARY KEY,
    kind INTEGER NOT NULL,
    name TEXT NOT NULL,
    folded TEXT NOT NULL,
    state INTEGER NOT NULL,
    place INTEGER NOT NULL,
    version INTEGER NOT NULL,
    era INTEGER NOT NULL,
    since INTEGER NOT NULL,
    standing INTEGER NOT NULL,
    weekly_cap INTEGER NOT NULL,
    UNIQUE (kind, folded)
) WITHOUT ROWID, STRICT;
-- step
CREATE TABLE rule_version (
    rule TEXT NOT NULL REFERENCES rule_item (id),
    number INTEGER NOT NULL,
    name TEXT NOT NULL,
    era INTEGER NOT NULL,
    made INTEGER NOT NULL,
    actor TEXT NOT NULL,
    why TEXT NOT NULL,
    metric TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (rule, number)
) WITHOUT ROWID, STRICT;
-- step
CREATE TABLE rule_change (
    number INTEGER PRIMARY KEY,
    rule TEXT NOT NULL REFERENCES rule_item (id),
    name TEXT NOT NULL,
    what INTEGER NOT NULL,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    before TEXT NOT NULL,
    after TEXT NOT NULL,
    why TEXT NOT NULL,
    metric TEXT NOT NULL,
    operation TEXT NOT NULL
) STRICT;
-- step
CREATE INDEX rule_change_of ON rule_change (rule, number);
-- step
-- What stands in the log stays as it was written.
CREATE TRIGGER rule_version_stays BEFORE UPDATE ON rule_version BEGIN SELECT RAISE(ABORT, 'versions stay'); END;
-- step
CREATE TRIGGER rule_version_kept BEFORE DELETE ON rule_version BEGIN SELECT RAISE(ABORT, 'versions are kept'); END;
-- step
CREATE TRIGGER rule_change_stays BEFORE UPDATE ON rule_change BEGIN SELECT RAISE(ABORT, 'changes stay'); END;
-- step
CREATE TRIGGER rule_change_kept BEFORE DELETE ON rule_change BEGIN SELECT RAISE(ABORT, 'changes are kept'); END;
