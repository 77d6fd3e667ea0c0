-- What the stages have made for bars and states of this database's own, a front has as tables of its nodes: partitioned
-- by pair, each pair on one node. After the catalogue, before what reads them.
CREATE EXTENSION IF NOT EXISTS postgres_fdw SCHEMA pg_catalog;
-- A front's routines make servers and mappings as the owner of the schema; nobody else may.
GRANT USAGE ON FOREIGN DATA WRAPPER postgres_fdw TO bqx_owner;
-- Which stages a node must have is asked by the owner of the schema.
GRANT SELECT ON bqx."${flyway:table}" TO bqx_owner;

SET LOCAL ROLE bqx_owner;
SET LOCAL client_min_messages = warning;

DO $$
#variable_conflict use_column
DECLARE
    name text;
    part regclass;
    ranking CONSTANT text := pg_get_viewdef(to_regclass('bqx.feature_ranking'));
    ranking_comment CONSTANT text := obj_description(to_regclass('bqx.feature_ranking'), 'pg_class');
    described jsonb;
BEGIN
    IF to_regclass('bqx.node') IS NOT NULL THEN
        RETURN;
    END IF;
    IF EXISTS (SELECT FROM bqx.m1_month) THEN
        RAISE EXCEPTION 'database "%" has bars of its own: it can not become a front', current_database()
            USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    FOR part IN
        SELECT i.inhrelid::regclass
        FROM (SELECT 'm1' UNION ALL SELECT f.family FROM bqx.feature f) k (kind)
        JOIN pg_inherits i ON i.inhparent = to_regclass(format('bqx.%I', k.kind))
    LOOP
        EXECUTE format('DROP TABLE %s', part);
    END LOOP;
    -- Bars are counted, and get their rate_index, where they are written.
    FOR name IN SELECT t.tgname FROM pg_trigger t WHERE t.tgrelid = 'bqx.m1'::regclass AND NOT t.tgisinternal LOOP
        EXECUTE format('DROP TRIGGER %I ON bqx.m1', name);
    END LOOP;
    DROP FUNCTION bqx.set_rate_index, bqx.bars_changed, bqx.bars_truncated, bqx.watch_bars;
    DROP VIEW IF EXISTS bqx.feature_ranking;
    FOREACH name IN ARRAY
        ARRAY['m1_month', 'baseline_rates', 'partition_state', 'bar_coverage', 'bar_gap', 'target_corr', 'target_corr_state']
    LOOP
        CONTINUE WHEN to_regclass(format('bqx.%I', name)) IS NULL;
        described := (
            SELECT jsonb_object_agg(a.attname, col_description(a.attrelid, a.attnum))
            FROM pg_attribute a
            WHERE a.attrelid = format('bqx.%I', name)::regclass AND a.attnum > 0
                AND col_description(a.attrelid, a.attnum) IS NOT NULL);
        EXECUTE format('ALTER TABLE bqx.%I RENAME TO %I', name, name || '_of_one');
        EXECUTE format('CREATE TABLE bqx.%I (LIKE bqx.%I INCLUDING COMMENTS) PARTITION BY LIST (pair)', name, name || '_of_one');
        EXECUTE format('COMMENT ON TABLE bqx.%I IS %L', name,
            obj_description(format('bqx.%I', name || '_of_one')::regclass, 'pg_class'));
        EXECUTE format('DROP TABLE bqx.%I', name || '_of_one');
    END LOOP;
    IF ranking IS NOT NULL THEN
        EXECUTE 'CREATE VIEW bqx.feature_ranking AS ' || ranking;
        EXECUTE format('COMMENT ON VIEW bqx.feature_ranking IS %L', ranking_comment);
        COMMENT ON COLUMN bqx.feature_ranking.rank IS
            '1 for the greatest amount of pearson_thin of the pair, target and month; equal ones share it';
    END IF;
    CREATE TABLE bqx.partition_freshness (LIKE bqx.partition_state INCLUDING COMMENTS, stale_because text)
        PARTITION BY LIST (pair);
    CREATE TABLE bqx.node_progress (
        family text, pair text NOT NULL, month date, state text, reason text, bars bigint, rows bigint, attempts int,
        backend_pid int, started_at timestamptz, finished_at timestamptz, sqlstate text, last_write text,
        last_rows bigint, rows_open bigint, source_revision bigint, source_from date, source_to date, source_pairs text[]
    ) PARTITION BY LIST (pair);
    CREATE TABLE bqx.node_correlation_progress (
        family text, pair text NOT NULL, month date, state text, reason text, bars bigint, rows bigint, attempts int,
        backend_pid int, started_at timestamptz, finished_at timestamptz, sqlstate text, last_write text,
        last_rows bigint, rows_open bigint
    ) PARTITION BY LIST (pair);
    CREATE TABLE bqx.stray_table (family text, pair text NOT NULL, name text) PARTITION BY LIST (pair);
    COMMENT ON TABLE bqx.stray_table IS 'partitions of families that bqx.partition_state knows nothing of';
    COMMENT ON TABLE bqx.partition_freshness IS
        'the state of each partition that was tried, and why its rows are stale, if they are, as its node sees it';
    COMMENT ON COLUMN bqx.partition_freshness.stale_because IS
        'why its rows are not those that would be computed now; NULL when they are, or there are none';
    COMMENT ON COLUMN bqx.stray_table.family IS 'the family';
    COMMENT ON COLUMN bqx.stray_table.pair IS 'the pair; market for a family of the market';
    COMMENT ON COLUMN bqx.stray_table.name IS 'name of the table, on the pair''s node';
    COMMENT ON TABLE bqx.node_progress IS 'bqx.progress as the nodes see it';
    COMMENT ON TABLE bqx.node_correlation_progress IS 'bqx.correlation_progress as the nodes see it';

    -- Last, since it says that this database is a front.
    CREATE TABLE bqx.node (
        node text PRIMARY KEY CHECK (node ~ '^[a-z][a-z0-9_]{0,19}$'),
        host text NOT NULL,
        port int NOT NULL CHECK (port BETWEEN 1 AND 65535),
        dbname text NOT NULL,
        user_name text NOT NULL,
        added_at timestamptz NOT NULL DEFAULT clock_timestamp()
    );
    COMMENT ON TABLE bqx.node IS 'the servers that have the bars and compute; passwords are in their user mappings alone';
    COMMENT ON COLUMN bqx.node.node IS 'name of the node here';
    COMMENT ON COLUMN bqx.node.host IS 'its host, as the front''s server knows it';
    COMMENT ON COLUMN bqx.node.port IS 'its port';
    COMMENT ON COLUMN bqx.node.dbname IS 'its database';
    COMMENT ON COLUMN bqx.node.user_name IS 'who the front is there';
    COMMENT ON COLUMN bqx.node.added_at IS 'since when it is a node of this front';
    CREATE TABLE bqx.pair_node (
        pair text PRIMARY KEY,
        node text NOT NULL REFERENCES bqx.node
    );
    COMMENT ON TABLE bqx.pair_node IS 'where each pair lives; bqx.place_pairs and bqx.move_pair keep it';
    COMMENT ON COLUMN bqx.pair_node.pair IS 'the pair; market for the families of the market';
    COMMENT ON COLUMN bqx.pair_node.node IS 'its node';
    CREATE TABLE bqx.pair_month (
        pair text NOT NULL,
        month date NOT NULL,
        bars bigint NOT NULL,
        PRIMARY KEY (pair, month)
    );
    COMMENT ON TABLE bqx.pair_month IS
        'the months that have bars, as bqx.note_months has last seen them: what is shown of a node that does not answer';
    COMMENT ON COLUMN bqx.pair_month.pair IS 'the pair';
    COMMENT ON COLUMN bqx.pair_month.month IS 'first day of the month (UTC)';
    COMMENT ON COLUMN bqx.pair_month.bars IS 'its bars';
    INSERT INTO bqx.setting (name, value) VALUES ('engine', 'nodes')
    ON CONFLICT (name) DO UPDATE SET value = excluded.value;
END
$$;

-- postgres_fdw changes and deletes rows by their place in a table, and the node's table has a row at that place in each
-- of its months: one UPDATE from here changes others there, in silence. So there is none.
CREATE OR REPLACE FUNCTION bqx.refuse_change() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RAISE EXCEPTION 'bars can not be changed or deleted through a front'
        USING ERRCODE = 'feature_not_supported',
            HINT = 'SELECT bqx.replace_bars(PAIR, BARS) changes some; all else is done on the pair''s node.';
END
$$;
COMMENT ON FUNCTION bqx.refuse_change IS 'Trigger: refuses to change or delete bars through a front, which would hit others.';

-- Bars get their rate_index on the node by a snapshot that is later than this lock.
CREATE OR REPLACE FUNCTION bqx.bars_come() RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(bqx.baseline_lock(NULL));
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION bqx.bars_come IS 'Trigger: keeps bqx.set_baseline from running beside an INSERT of bars.';

CREATE OR REPLACE FUNCTION bqx.guard_bars(bars regclass) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    EXECUTE format('CREATE OR REPLACE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON %s'
        ' FOR EACH STATEMENT EXECUTE FUNCTION bqx.refuse_change()', bars);
    EXECUTE format('CREATE OR REPLACE TRIGGER bars_come BEFORE INSERT ON %s'
        ' FOR EACH STATEMENT EXECUTE FUNCTION bqx.bars_come()', bars);
    -- A foreign table refuses it by an option.
    IF (SELECT c.relkind FROM pg_class c WHERE c.oid = bars) = 'p' THEN
        EXECUTE format('CREATE OR REPLACE TRIGGER refuse_truncate BEFORE TRUNCATE ON %s'
            ' FOR EACH STATEMENT EXECUTE FUNCTION bqx.refuse_change()', bars);
    END IF;
END
$$;
COMMENT ON FUNCTION bqx.guard_bars IS 'Puts the triggers on a table of bars that refuse what a front can not do.';
SELECT bqx.guard_bars('bqx.m1');
