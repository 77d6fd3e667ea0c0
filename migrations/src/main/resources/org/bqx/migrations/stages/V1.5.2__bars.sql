-- A table of bars that is already there is somebody's data: name it before CREATE TABLE trips over it.
DO $$
DECLARE
    found text;
BEGIN
    SELECT string_agg(format('bqx.%I', relname), ', ' ORDER BY relname) INTO found
    FROM pg_class
    WHERE relnamespace = 'bqx'::regnamespace
        AND (relname = 'm1' OR relname IN (SELECT 'm1_' || pair FROM bqx.pair));
    IF found IS NOT NULL THEN
        RAISE EXCEPTION 'bars cannot be made in schema bqx: % already there', found
            USING ERRCODE = 'duplicate_table',
                HINT = 'Move them to another schema (ALTER TABLE ... SET SCHEMA) and migrate again.';
    END IF;
END
$$;

SET LOCAL ROLE bqx_owner;

CREATE TABLE bqx.m1 (
    pair text NOT NULL,
    time timestamptz NOT NULL,
    open double precision,
    high double precision,
    low double precision,
    close double precision,
    volume double precision,
    rate_index double precision
) PARTITION BY LIST (pair);
COMMENT ON TABLE bqx.m1 IS 'one-minute bars; time is the bar''s open, UTC';
COMMENT ON COLUMN bqx.m1.rate_index IS 'close / baseline_rate * 100';

DO $$
DECLARE
    pair text;
BEGIN
    FOR pair IN SELECT p.pair FROM bqx.pair p ORDER BY p.pair LOOP
        EXECUTE format('CREATE TABLE bqx.%I PARTITION OF bqx.m1 (PRIMARY KEY (time)) FOR VALUES IN (%L)'
            ' PARTITION BY RANGE (time)', 'm1_' || pair, pair);
    END LOOP;
END
$$;

GRANT INSERT, UPDATE, DELETE ON bqx.m1 TO bqx_runner;

-- The triggers come with the table, not as repeatables: those run after the last version asked for,
-- and no stage may leave bars that nobody watches.

-- Trigger: gives a bar its rate_index when the writer left it out or changed the close alone.
CREATE FUNCTION bqx.set_rate_index() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    SELECT NEW.close / baseline_rate * 100 INTO NEW.rate_index
    FROM bqx.baseline_rates
    WHERE baseline_rates.pair = NEW.pair;
    RETURN NEW;
END
$$;

-- Trigger: counts a statement's changes of bars in bqx.m1_month, which makes the partitions that were
-- computed from them stale, and tells who listens to bqx_bars which pair and month it was. SECURITY DEFINER so that nobody who writes bars needs, or has, rights there.
CREATE FUNCTION bqx.bars_changed() RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    changes text;
BEGIN
    changes := CASE TG_OP
        WHEN 'INSERT' THEN 'SELECT pair, time, 1 AS bars FROM added'
        WHEN 'DELETE' THEN 'SELECT pair, time, -1 AS bars FROM removed'
        ELSE 'SELECT pair, time, 1 AS bars FROM added UNION ALL SELECT pair, time, -1 FROM removed'
    END;
    -- Ordered, so that two loads that touch the same months cannot deadlock on these rows.
    EXECUTE format(
        'WITH counted AS (INSERT INTO bqx.m1_month AS m (pair, month, bars, revision, changed_at)'
        ' SELECT pair, bqx.month_of(time), sum(bars), 1, clock_timestamp() FROM (%s) changes'
        ' GROUP BY 1, 2 ORDER BY 1, 2'
        ' ON CONFLICT (pair, month) DO UPDATE'
        ' SET bars = m.bars + excluded.bars, revision = m.revision + 1, changed_at = excluded.changed_at'
        ' RETURNING pair, month)'
        ' SELECT pg_notify(''bqx_bars'', pair || '' '' || to_char(month, ''YYYY-MM'')) FROM counted',
        changes);
    RETURN NULL;
END
$$;

-- Trigger: the same for TRUNCATE, which fires on each month that loses its bars.
CREATE FUNCTION bqx.bars_truncated() RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    UPDATE bqx.m1_month m
    SET bars = 0, revision = m.revision + 1, changed_at = clock_timestamp()
    WHERE bqx.partition_name('m1', m.pair, m.month) = TG_TABLE_NAME;
    RETURN NULL;
END
$$;

-- Puts these triggers on a table of bars. A statement fires those of the table it names alone, so the
-- table of all pairs, each pair's and each month's carry them.
CREATE FUNCTION bqx.watch_bars(bars regclass) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    EXECUTE format('CREATE OR REPLACE TRIGGER bars_inserted AFTER INSERT ON %s'
        ' REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION bqx.bars_changed()', bars);
    EXECUTE format('CREATE OR REPLACE TRIGGER bars_updated AFTER UPDATE ON %s'
        ' REFERENCING NEW TABLE AS added OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION bqx.bars_changed()',
        bars);
    EXECUTE format('CREATE OR REPLACE TRIGGER bars_deleted AFTER DELETE ON %s'
        ' REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION bqx.bars_changed()', bars);
    EXECUTE format('CREATE OR REPLACE TRIGGER bars_truncated AFTER TRUNCATE ON %s'
        ' FOR EACH STATEMENT EXECUTE FUNCTION bqx.bars_truncated()', bars);
END
$$;

-- Conditions are checked without a function call: a load that brings rate_index pays next to nothing.
CREATE TRIGGER rate_index_of_new_bar BEFORE INSERT ON bqx.m1
FOR EACH ROW WHEN (NEW.rate_index IS NULL AND NEW.close IS NOT NULL
    -- Where a bulk load knows that there is no baseline to look up, it says so: 4 microseconds a bar.
    AND current_setting('bqx.pair_without_baseline', true) IS DISTINCT FROM NEW.pair)
EXECUTE FUNCTION bqx.set_rate_index();

CREATE TRIGGER rate_index_of_changed_bar BEFORE UPDATE ON bqx.m1
FOR EACH ROW WHEN (NEW.close IS DISTINCT FROM OLD.close AND NEW.rate_index IS NOT DISTINCT FROM OLD.rate_index)
EXECUTE FUNCTION bqx.set_rate_index();

SELECT bqx.watch_bars(relid)
FROM pg_partition_tree('bqx.m1');
