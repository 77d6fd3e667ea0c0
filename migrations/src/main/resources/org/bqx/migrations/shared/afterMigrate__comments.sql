-- What the stages of releases, which are never edited, and the jar make has its comments from here: after every
-- migration, since a database may be at any stage, and a new jar makes its functions anew. A comment that is there
-- already is left alone.
DO $$
DECLARE
    described record;
BEGIN
    FOR described IN
        SELECT d.relation, d.column_name, d.text
        FROM (VALUES
            ('pair', 'pair', 'base and quote in lower case, as eurusd'),
            ('pair', 'pair_no', 'from 1 on, in the order in which pairs were added'),
            ('pair', 'base', 'what is priced: a currency, a metal, an index'),
            ('pair', 'quote', 'the currency of the price'),
            ('baseline_rates', 'pair', 'the pair'),
            ('baseline_rates', 'baseline_date', 'the day (UTC) from which on the bar was looked for'),
            ('baseline_rates', 'baseline_time', 'open time of that bar'),
            ('baseline_rates', 'baseline_rate', 'its close'),
            ('baseline_rates', 'created_at', 'when it was chosen'),
            ('feature', 'family', 'name of the family and of its table'),
            ('feature', 'family_no', 'part of a partition''s lock key and never reused'),
            ('feature', 'windows', 'windows in bars, ascending; {} for a family without windows'),
            ('functions_jar', 'only_row', 'true: there is one row'),
            ('functions_jar', 'version', 'the release of bqx that the jar is of'),
            ('functions_jar', 'sha256', 'SHA-256 of the jar, in hex'),
            ('functions_jar', 'installed_at', 'when it was installed'),
            ('partition_state', 'family', 'the family'),
            ('partition_state', 'pair', 'the pair; market for a family of the market'),
            ('partition_state', 'month', 'first day of the month (UTC)'),
            ('partition_state', 'state', 'done or failed: how the last attempt ended'),
            ('partition_state', 'rows', 'rows of the partition; NULL if it was never computed'),
            ('partition_state', 'windows', 'windows in bars that the rows were computed with'),
            ('partition_state', 'baseline_rate', 'the baseline that they were computed with; NULL for the market'),
            ('partition_state', 'functions_version', 'revision of the family''s Java that computed them'),
            ('partition_state', 'attempts', 'how often it was tried'),
            ('partition_state', 'backend_pid', 'server process of the last attempt'),
            ('partition_state', 'started_at', 'start of the last attempt'),
            ('partition_state', 'finished_at', 'its end'),
            ('partition_state', 'sqlstate', 'SQLSTATE of the last attempt if it failed, else NULL'),
            ('partition_state', 'error', 'its message'),
            ('m1_month', 'pair', 'the pair'),
            ('m1_month', 'month', 'first day of the month (UTC)'),
            ('m1_month', 'bars', 'bars that the month has'),
            ('m1_month', 'quotes', 'bars of it that have bid and ask'),
            ('m1_month', 'revision', 'goes up with each statement that changes its bars'),
            ('m1_month', 'changed_at', 'when they last changed'),
            ('run', 'run_id', 'number of the run, ascending'),
            ('run', 'role_name', 'who ran it'),
            ('run', 'client', 'the address it came from; NULL for a local socket'),
            ('run', 'application_name', 'as PostgreSQL knew the session'),
            ('run', 'parameters', 'what the backfill was asked for'),
            ('run', 'started_at', 'when it began'),
            ('run', 'finished_at', 'when it ended; NULL until then, and if it was killed'),
            ('run', 'outcome',
                'done, failed, held (partitions were being computed by others) or interrupted; NULL as'
                ' finished_at is'),
            ('run', 'planned', 'partitions that were to be computed'),
            ('run', 'computed', 'partitions that were'),
            ('run', 'failed', 'partitions that failed'),
            ('run', 'rows', 'rows that were written'),
            ('m1', 'pair', 'the pair'),
            ('m1', 'time', 'open time of the bar (UTC), a full minute'),
            ('m1', 'open', 'first price of the minute'),
            ('m1', 'high', 'highest price of the minute'),
            ('m1', 'low', 'lowest price of the minute'),
            ('m1', 'close', 'last price of the minute'),
            ('m1', 'volume', 'as its source counts it: ticks or units; NULL where it has none'),
            ('legacy_removal', 'table_name', 'the table of the older layout'),
            ('legacy_removal', 'action', 'keep: moved to schema bqx_legacy. drop: dropped'),
            ('legacy_removal', 'partitions', 'partitions that it had'),
            ('legacy_removal', 'bytes', 'bytes on disk, indexes included'),
            ('legacy_removal', 'removed_at', 'when')
        ) d (relation, column_name, text)
        JOIN pg_attribute a ON a.attrelid = to_regclass('bqx.' || d.relation) AND a.attname = d.column_name
        WHERE col_description(a.attrelid, a.attnum) IS DISTINCT FROM d.text
    LOOP
        EXECUTE format('COMMENT ON COLUMN bqx.%I.%I IS %L', described.relation, described.column_name, described.text);
    END LOOP;

    -- Columns that a view has from a table, but for those that the view's file describes.
    FOR described IN
        SELECT v.view_name, a.attname AS column_name, col_description(t.attrelid, t.attnum) AS text
        FROM (VALUES
            ('partition_freshness', 'partition_state', '{}'::text[]),
            ('progress', 'partition_state', '{state,backend_pid}'),
            ('run_history', 'run', '{outcome}'),
            ('gap', 'bar_gap', '{}'),
            ('gap', 'acknowledged_gap', '{pair,from_time,to_time}'),
            ('correlation_freshness', 'target_corr_state', '{}'),
            ('correlation_progress', 'target_corr_state', '{state,backend_pid}'),
            ('feature_ranking', 'target_corr', '{}')
        ) v (view_name, table_name, own)
        JOIN pg_attribute a ON a.attrelid = to_regclass('bqx.' || v.view_name) AND a.attname <> ALL (v.own)
        JOIN pg_attribute t
            ON t.attrelid = to_regclass('bqx.' || v.table_name) AND t.attname = a.attname AND t.attnum > 0
        WHERE col_description(a.attrelid, a.attnum) IS DISTINCT FROM col_description(t.attrelid, t.attnum)
    LOOP
        EXECUTE format('COMMENT ON COLUMN bqx.%I.%I IS %L', described.view_name, described.column_name, described.text);
    END LOOP;

    FOR described IN
        SELECT p.oid::regprocedure AS routine, d.text
        FROM (VALUES
            ('feature_rows',
                'The rows of a family, by Java: for each bar after the first skip and before the last tail ones'
                ' an array of rate_index and the family''s columns, in the order of bqx.feature_column.element. NaN'
                ' is undefined; an array is shorter where the history is. inputs has one column of bars after the'
                ' other.'),
            ('feature_reference',
                'Rows as of bqx.feature_rows at some positions, from 1 on, each computed from its window alone by'
                ' another library.'),
            ('rows_hold',
                'Whether stored rows of consecutive bars, one after the other, have the index of their bars and keep'
                ' their family''s rules: false where one may not, NULL where Java does not know them. The first skip'
                ' bars are lookback.'),
            ('check_rows',
                'Looks at stored rows of a month, as sqlj.read_rows gives them, beside their bars, all or one part after the'
                ' other: NULL where one may not be right; else, with what the call for the rows before gave, how many there'
                ' are, the lowest and the highest index, and of some elements the sum and of how many. rules asks for what'
                ' bqx.rows_hold does, bits for the bits of bqx.feature_rows, sampled for rows near bqx.feature_reference.'),
            ('as_of',
                'Values of other series as of some times: of each series its columns, one after the other, of its last bar'
                ' at or before the time whose values are all finite and positive, the first times its direction, 1 or -1;'
                ' then, with ages, how old the bar is. other_times has a NaN before the times of each series, which are'
                ' in any order, and other_values one column of all series after the other. times ascend. NaN where no bar'
                ' is at most max_age old.'),
            ('merge_times',
                'The times of some series, as bqx.as_of takes them, from the first that counts on: each once, ascending.'),
            ('inputs_digest',
                'SHA-256, in hexadecimal digits, of head and then of the first first_bars values of each column of'
                ' inputs, as array_send has them. inputs is that of bqx.feature_rows.'),
            ('correlation_rows',
                'What bqx.target_corr holds of one feature, by Java: a row of 15 values for each window. The'
                ' first skip bars are lookback; NaN is undefined.'),
            ('rolling_correlation',
                'Pearson''s correlation of two series over the last length elements, length at least 60, at each'
                ' element; then both sample standard deviations. NaN where an element of the window is NaN or the'
                ' window is not full, and for the correlation where a series is constant.'),
            ('functions_version',
                'Revision of a family, or of target_corr, in the Java that this session has loaded.')
        ) d (name, text)
        JOIN pg_proc p ON p.oid = to_regproc('bqx.' || d.name)
        WHERE obj_description(p.oid, 'pg_proc') IS DISTINCT FROM d.text
    LOOP
        EXECUTE format('COMMENT ON FUNCTION %s IS %L', described.routine, described.text);
    END LOOP;
END
$$;
