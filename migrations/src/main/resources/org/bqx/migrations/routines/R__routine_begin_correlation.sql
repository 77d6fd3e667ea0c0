SET LOCAL ROLE bqx_owner;

-- SECURITY DEFINER: who computes need not own the tables.
CREATE OR REPLACE FUNCTION bqx.begin_correlation(
    target text, pair text, month date, force boolean, functions_version text,
    OUT families text[], OUT features text[], OUT from_time timestamptz, OUT to_time timestamptz,
    OUT targets double precision[], OUT placebo double precision[], OUT windows int[], OUT skip int, OUT step int)
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
#variable_conflict use_variable
DECLARE
    -- Twenty days of bars.
    placebo_distance CONSTANT int := 28800;
    checked_pair CONSTANT text := bqx.check_pair(pair);
    checked_month CONSTANT date := bqx.check_month(month);
    wanted bqx.correlation;
    kept bqx.target_corr_state;
    work text;
    lacking record;
    before int;
    read_from timestamptz;
    ahead timestamptz;
    times timestamptz[];
    found_revision bigint;
    found_partitions text;
    found_digest text;
    first_month date;
    last_month date;
BEGIN
    SELECT c.* INTO wanted FROM bqx.correlation c WHERE c.target = lower(begin_correlation.target);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no correlations with target "%" are wanted', target
            USING ERRCODE = 'invalid_parameter_value',
                HINT = format('SELECT bqx.define_correlation(%L) says that they are.', target);
    END IF;
    work := format('correlation %s %s %s', wanted.target, checked_pair, to_char(checked_month, 'YYYY-MM'));
    IF functions_version IS DISTINCT FROM bqx.correlation_version() THEN
        RAISE EXCEPTION 'this client correlates by %, the database is migrated to %',
            coalesce(functions_version, 'nothing'), bqx.correlation_version()
            USING ERRCODE = 'invalid_parameter_value',
                HINT = 'Migrate with this release, ./bqx migrate, or compute with the one that migrated.';
    END IF;
    PERFORM bqx.take_lock(bqx.correlation_lock(wanted.target, checked_pair, checked_month), work);
    IF NOT coalesce(force, false) AND EXISTS (
        SELECT FROM bqx.correlation_freshness f
        WHERE f.target = wanted.target AND f.pair = checked_pair AND f.month = checked_month
            AND f.state = 'done' AND f.stale_because IS NULL
    ) THEN
        RAISE NOTICE '% is done, nothing computed', work USING HINT = 'Pass force => true to compute it again.';
        RETURN;
    END IF;

    SELECT array_agg(f.family), array_agg(f.feature) INTO families, features FROM bqx.features_like(wanted.features) f;
    IF features IS NULL THEN
        RAISE EXCEPTION 'no family that is enabled has a feature like %', array_to_string(wanted.features, ', ')
            USING ERRCODE = 'QX007', HINT = format('SELECT bqx.define_correlation(%L, ''{*}'') takes all there are.', target);
    END IF;
    SELECT read.family, coalesce(p.state, 'no bars') AS state INTO lacking
    FROM (SELECT unnest(families) AS family UNION SELECT 'bqx') read
    LEFT JOIN bqx.progress p ON p.family = read.family AND p.pair = checked_pair AND p.month = checked_month
    -- Where there are no quotes, what is made of them is absent, and no feature to wait for.
    WHERE p.state IS DISTINCT FROM 'done' AND p.state IS DISTINCT FROM 'no quotes'
    ORDER BY read.family
    LIMIT 1;
    IF lacking.state = 'no bars' THEN
        IF force THEN
            DELETE FROM bqx.target_corr_state s
            WHERE s.target = wanted.target AND s.pair = checked_pair AND s.month = checked_month AND s.rows IS NOT NULL;
            IF FOUND THEN
                DELETE FROM bqx.target_corr c
                WHERE c.target = wanted.target AND c.pair = checked_pair AND c.month = checked_month;
                RAISE NOTICE 'the rows of % are removed: there is nothing to compute them from any more', work;
                features := NULL;
                RETURN;
            END IF;
        END IF;
        RAISE EXCEPTION 'pair % has no bars in %', checked_pair, to_char(checked_month, 'YYYY-MM')
            USING ERRCODE = 'QX003', HINT = 'SELECT * FROM bqx.m1_month lists the months that have bars.';
    ELSIF FOUND THEN
        RAISE EXCEPTION '% needs %, which is %', work,
            bqx.partition_name(lacking.family, checked_pair, checked_month), lacking.state
            USING ERRCODE = 'QX007', HINT = format('./bqx backfill --family %s --pairs %s --from %s --to %s',
                lacking.family, checked_pair, to_char(checked_month, 'YYYY-MM'), to_char(checked_month, 'YYYY-MM'));
    END IF;

    windows := wanted.windows;
    step := wanted.horizon;
    to_time := bqx.month_end(checked_month);
    EXECUTE format(
        'SELECT min(time), count(*) FROM (SELECT time FROM bqx.%I WHERE time < $1 ORDER BY time DESC LIMIT $2) bar',
        'm1_' || checked_pair)
    INTO from_time, skip
    USING bqx.month_start(checked_month), windows[cardinality(windows)] - 1;
    from_time := coalesce(from_time, bqx.month_start(checked_month));
    EXECUTE format(
        'SELECT min(time), count(*) FROM (SELECT time FROM bqx.%I WHERE time < $1 ORDER BY time DESC LIMIT $2) bar',
        'm1_' || checked_pair)
    INTO read_from, before
    USING from_time, placebo_distance;
    EXECUTE format('SELECT time FROM bqx.%I WHERE time >= $1 ORDER BY time OFFSET $2 LIMIT 1', 'm1_' || checked_pair)
    INTO ahead
    USING to_time, step - 1;
    first_month := CASE WHEN before < placebo_distance THEN DATE '-infinity' ELSE bqx.month_of(read_from) END;
    last_month := coalesce(bqx.month_of(ahead), DATE 'infinity');

    -- Before what they are of is read: who changes that meanwhile makes this stale.
    found_revision := (
        SELECT sum(m.revision) FROM bqx.m1_month m
        WHERE m.pair = checked_pair AND m.month BETWEEN first_month AND last_month);
    found_partitions := bqx.correlated_partitions(families || 'bqx'::text, checked_pair, first_month, last_month);
    found_digest := bqx.correlated_partitions(families, checked_pair, bqx.month_of(from_time), checked_month);
    SELECT array_agg(t.ts_utc), array_agg(coalesce(t.target, 'NaN')), array_agg(coalesce(t.placebo, 'NaN'))
    INTO times, targets, placebo
    FROM (
        SELECT all_bars.ts_utc, all_bars.target, all_bars.placebo
        FROM (
            SELECT r.ts_utc, r.target, lag(r.target, placebo_distance) OVER (ORDER BY r.ts_utc) AS placebo
            FROM bqx.target(checked_pair, coalesce(read_from, from_time), to_time, wanted.window_length, wanted.horizon) r
        ) all_bars
        WHERE all_bars.ts_utc >= from_time
        ORDER BY all_bars.ts_utc
    ) t;
    found_digest := encode(sha256(
        array_send(times) || array_send(targets) || array_send(placebo) || convert_to(found_digest, 'UTF8')), 'hex');

    SELECT s.* INTO kept FROM bqx.target_corr_state s
    WHERE s.target = wanted.target AND s.pair = checked_pair AND s.month = checked_month;
    IF NOT coalesce(force, false) AND kept.rows IS NOT NULL AND kept.state = 'done'
        AND (kept.source_digest, kept.features, kept.windows, kept.functions_version)
            = (found_digest, features, windows, functions_version)
        AND kept.rows = (
            SELECT count(*) FROM bqx.target_corr c
            WHERE c.target = wanted.target AND c.pair = checked_pair AND c.month = checked_month)
    THEN
        UPDATE bqx.target_corr_state s
        SET source_from = first_month, source_to = last_month, source_revision = found_revision,
            source_partitions = found_partitions, last_write = 'no rows', last_rows = 0, attempts = s.attempts + 1,
            backend_pid = pg_backend_pid(), started_at = now(), finished_at = clock_timestamp()
        WHERE s.target = wanted.target AND s.pair = checked_pair AND s.month = checked_month;
        features := NULL;
        RETURN;
    END IF;
    INSERT INTO bqx.target_corr_state AS s (
        target, pair, month, state, features, families, windows, source_from, source_to, source_revision,
        source_partitions, source_digest, functions_version, begun_by, attempts, backend_pid, started_at)
    VALUES (
        wanted.target, checked_pair, checked_month, 'begun', features,
        ARRAY(SELECT DISTINCT f FROM unnest(families || 'bqx'::text) f ORDER BY f), windows, first_month, last_month,
        found_revision, found_partitions, found_digest, functions_version, pg_current_xact_id(), 0, pg_backend_pid(),
        clock_timestamp())
    ON CONFLICT ON CONSTRAINT target_corr_state_pkey DO UPDATE
    SET state = excluded.state, features = excluded.features, families = excluded.families,
        windows = excluded.windows, source_from = excluded.source_from, source_to = excluded.source_to,
        source_revision = excluded.source_revision, source_partitions = excluded.source_partitions,
        source_digest = excluded.source_digest, functions_version = excluded.functions_version,
        begun_by = excluded.begun_by, backend_pid = excluded.backend_pid, started_at = excluded.started_at;
END
$$;
GRANT EXECUTE ON FUNCTION bqx.begin_correlation TO bqx_runner;
COMMENT ON FUNCTION bqx.begin_correlation IS
    'The first of three steps that correlate the features of a pair''s month with a target, in one transaction:'
    ' this one; bqx.correlation_rows of each feature, by whoever runs the Java; bqx.finish_correlation. Takes the'
    ' lock, and decides what is to be done. features is NULL when that is nothing, and when rows of a month without bars'
    ' were removed, by force. The series are of the bars from'
    ' from_time to to_time, the first skip of which lie before the month; of the features bqx.read_features brings'
    ' them. functions_version is that of the Java that will bring the rows.';
