SET LOCAL ROLE bqx_owner;

-- Dropped first: the release before had fewer parameters.
DROP FUNCTION IF EXISTS bqx.verify_rows(text, text, bqx.source, double precision, double precision);
DROP FUNCTION IF EXISTS bqx.verify_rows(text, text, bqx.source, double precision, double precision, boolean);
CREATE OR REPLACE FUNCTION bqx.verify_rows(
    family text, partition text, source bqx.source, lowest_index double precision, highest_index double precision,
    every_row boolean, sampled int[],
    OUT rows bigint, OUT times bigint, OUT bars bigint,
    OUT lowest double precision, OUT highest double precision, OUT average double precision, OUT outside bigint,
    OUT null_labels text[], OUT nulls bigint[], OUT average_labels text[], OUT averages double precision[],
    OUT off_minute timestamptz[], OUT missing timestamptz[], OUT extra timestamptz[],
    OUT other_index int[], OUT suspect int[], OUT same_bits boolean, OUT near_reference boolean)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET jit = off
-- In the order in which they lie there.
SET max_parallel_workers_per_gather = 0
SET synchronize_seqscans = off
SET enable_hashjoin = on
SET work_mem = '64MB'
AS $$
#variable_conflict use_column
DECLARE
    labels record;
    conditions record;
    longest CONSTANT int := (SELECT f.lookback FROM bqx.family f WHERE f.family = verify_rows.family);
    -- The position of the month's last bar.
    last_bar CONSTANT int := source.bars - source.tail;
    asks_java boolean := false;
    all_right boolean;
    facts double precision[];
BEGIN
    labels := bqx.verify_labels(family);
    null_labels := labels.null_labels;
    average_labels := labels.average_labels;
    same_bits := false;
    near_reference := false;

    -- When all is well, one look at each row says so: Java's, where it knows the rules and the rows lie in order, or
    -- else SQL's.
    IF source.bad_bars = 0 AND to_regprocedure('bqx.rows_hold(text, float8[], float8[], int4[], int4)') IS NOT NULL THEN
        -- A statement of its own: it cannot be planned where the function is not there.
        asks_java := bqx.rows_hold(family, '{}', '{}', source.windows, longest) IS NOT NULL;
    END IF;
    -- Where it gets them as they lie on their pages, it tells the facts too: a column that can be NULL it does not know.
    IF asks_java THEN
        facts := bqx.verify_stored(family, partition, source, true, every_row, sampled);
        near_reference := facts IS NOT NULL;
        IF facts IS NULL AND every_row THEN
            facts := bqx.verify_stored(family, partition, source, true, false, '{}');
            every_row := false;
        END IF;
    END IF;
    IF asks_java AND facts IS NULL AND source.skip >= longest THEN
        EXECUTE format($query$
            SELECT count(*), count(*), ($6 - $3)::bigint,
                min(p.rate_index), max(p.rate_index), avg(p.rate_index),
                count(*) FILTER (WHERE p.rate_index NOT BETWEEN $4 AND $5),
                ARRAY[%1$s]::bigint[], ARRAY[%2$s]::float8[],
                array_agg(p.ts_utc) = $1[$3 + 1:$6]
                    AND bool_and(date_bin(INTERVAL '1 minute', p.ts_utc, 'epoch') = p.ts_utc)
            FROM bqx.%3$I p
            $query$,
            labels.nulls_quick, labels.averages, partition)
        INTO STRICT rows, times, bars, lowest, highest, average, outside, nulls, averages, all_right
        USING source.times, source.inputs, source.skip, lowest_index, highest_index, last_bar;
        -- So many rows at a time that no memory has to be fetched for them.
        IF all_right THEN
            BEGIN
                EXECUTE format($query$
                    SELECT bool_and(CASE WHEN stored.complete
                        THEN bqx.rows_hold(%1$L, stored.rows, $2[first_bar - $4:last_bar], $5, $4) ELSE false END)
                    FROM (
                        SELECT first_bar, least(first_bar + 499, $6) AS last_bar
                        FROM generate_series($3 + 1, $6, 500) first_bar
                    ) part
                    CROSS JOIN LATERAL (
                        SELECT array_agg(%2$s) AS rows,
                            count(*) = last_bar - first_bar + 1 AND bool_and(num_nulls(%3$s) = 0) AS complete
                        FROM bqx.%4$I p
                        WHERE p.ts_utc BETWEEN $1[first_bar] AND $1[last_bar]
                    ) stored
                    $query$,
                    family, bqx.stored_row(family),
                    (SELECT string_agg(format('p.%I', c.column_name), ', ')
                    FROM bqx.feature_column c WHERE c.family = verify_rows.family),
                    partition)
                INTO STRICT all_right
                USING source.times, source.inputs, source.skip, longest, source.windows, last_bar;
            EXCEPTION
                WHEN array_subscript_error THEN all_right := false; -- sqljrt of the release before: one dimension only
            END;
            IF all_right THEN
                RETURN;
            END IF;
        END IF;
    END IF;
    all_right := facts IS NOT NULL;
    IF facts IS NULL OR source.skip < longest THEN
        conditions := bqx.verify_conditions(family);
    END IF;
    nulls := array_fill(0::bigint, ARRAY[cardinality(null_labels)]);
    IF source.bad_bars = 0 AND (facts IS NULL OR source.skip < longest) THEN
        -- After Java only the rows that lack a part of their history, which have no rules there.
        EXECUTE format($query$
            SELECT count(*), count(DISTINCT p.ts_utc), ($6 - $3)::bigint,
                min(p.rate_index), max(p.rate_index), avg(p.rate_index),
                count(*) FILTER (WHERE p.rate_index NOT BETWEEN $4 AND $5),
                ARRAY[%3$s]::bigint[], ARRAY[%4$s]::float8[],
                bool_and((p.ts_utc = $1[b.position] AND p.rate_index = $2[b.position] AND b.position > $3 AND b.position <= $6
                    AND date_bin(INTERVAL '1 minute', p.ts_utc, 'epoch') = p.ts_utc
                    AND CASE WHEN b.position > %5$s THEN %1$s ELSE %2$s END) IS TRUE)
            FROM (
                SELECT *, width_bucket(ts_utc, $1) AS position, %7$s AS previous,
                    1 / nullif(rate_index, 0) AS inverse, 1e-12 * rate_index AS slack
                FROM bqx.%6$I %8$s
                OFFSET 0 -- computed once a row
            ) p
            CROSS JOIN LATERAL (SELECT p.position, p.rate_index AS x, p.previous, p.inverse, p.slack) b
            $query$,
            conditions.full_history_quick,
            CASE WHEN source.skip < longest THEN conditions.any_history ELSE 'false' END,
            labels.nulls_quick, labels.averages, longest, partition,
            CASE WHEN conditions.full_history_quick LIKE '%b.previous%' THEN '$2[width_bucket(ts_utc, $1) - 1]'
                ELSE 'NULL::float8' END,
            CASE WHEN facts IS NOT NULL THEN format('WHERE ts_utc <= $1[least(%s, $6)]', longest) END)
        INTO STRICT rows, times, bars, lowest, highest, average, outside, nulls, averages, all_right
        USING source.times, source.inputs, source.skip, lowest_index, highest_index, last_bar;
        IF facts IS NULL AND all_right AND rows = bars AND times = rows THEN
            same_bits := every_row AND bqx.verify_stored(family, partition, source, false, true, sampled) IS NOT NULL;
            near_reference := same_bits;
            RETURN;
        END IF;
    END IF;
    IF facts IS NOT NULL AND all_right THEN
        bars := last_bar - source.skip;
        rows := bars;
        times := bars;
        lowest := facts[1];
        highest := facts[2];
        average := facts[3];
        outside := CASE
            WHEN lowest >= lowest_index AND highest <= highest_index THEN 0
            ELSE (SELECT count(*) FROM unnest(source.inputs[source.skip + 1:last_bar]) x
                WHERE x NOT BETWEEN lowest_index AND highest_index)
        END;
        averages := facts[4:];
        same_bits := every_row;
        RETURN;
    END IF;

    near_reference := false;
    -- Merged by the primary key: a hash of the rows would copy them all.
    PERFORM set_config('enable_hashjoin', 'off', true);
    EXECUTE format($query$
        SELECT count(p.ts_utc), count(DISTINCT p.ts_utc), count(b.time),
            min(p.rate_index), max(p.rate_index), avg(p.rate_index),
            count(*) FILTER (WHERE p.rate_index NOT BETWEEN $4 AND $5),
            ARRAY[%s]::bigint[], ARRAY[%s]::float8[],
            array_agg(p.ts_utc) FILTER (WHERE date_bin(INTERVAL '1 minute', p.ts_utc, 'epoch') <> p.ts_utc),
            array_agg(b.time) FILTER (WHERE p.ts_utc IS NULL),
            array_agg(p.ts_utc) FILTER (WHERE b.time IS NULL),
            array_agg(b.position) FILTER (WHERE b.x <> p.rate_index),
            array_agg(b.position) FILTER (WHERE b.time = p.ts_utc
                AND CASE WHEN b.position > %s THEN %s ELSE %s END IS NOT TRUE)
        FROM (
            SELECT u.time, $2[u.position] AS x, u.position::int AS position, $2[u.position - 1] AS previous,
                1 / nullif($2[u.position], 0) AS inverse, 1e-12 * $2[u.position] AS slack
            FROM unnest($1) WITH ORDINALITY AS u (time, position)
            WHERE u.position > $3 AND u.position <= $6
        ) b
        FULL JOIN bqx.%I p ON p.ts_utc = b.time
        $query$,
        labels.nulls, labels.averages, longest, conditions.full_history, conditions.any_history, partition)
    INTO STRICT rows, times, bars, lowest, highest, average, outside, nulls, averages,
        off_minute, missing, extra, other_index, suspect
    USING source.times, source.inputs, source.skip, lowest_index, highest_index, last_bar;
END
$$;
COMMENT ON FUNCTION bqx.verify_rows IS
    'Looks at every row of a partition beside its bar. bars counts the bars of the month, outside the rows whose'
    ' index is not from lowest_index to highest_index; off_minute, missing and extra are times; other_index and'
    ' suspect are positions of bars, from 1 at the lookback''s start, whose rows have another index or break a rule.'
    ' nulls and averages go with the labels of bqx.verify_labels. same_bits, if every_row asks for it: the'
    ' functions compute every row from the bars as it is. near_reference: so are the rows of the sampled bars to the'
    ' reference''s, as near as they may be. Else nobody has found that.';
