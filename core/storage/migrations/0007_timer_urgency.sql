-- Of timers that are due at the same instant those of urgent tickets come first.
-- oldest reader: 2
-- 0 urgent, 1 high, 2 normal, 3 low: ascending, so that one index gives the order.
ALTER TABLE timer ADD COLUMN urgency INTEGER NOT NULL DEFAULT 2;
-- step
DROP INDEX timer_due;
-- step
CREATE INDEX timer_due ON timer (due, urgency, ticket, cause);
