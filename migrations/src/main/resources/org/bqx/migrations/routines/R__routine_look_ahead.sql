SET LOCAL ROLE bqx_owner;

-- SECURITY DEFINER: who reads the rows may ask where they are from, and need not be able to compute.
CREATE OR REPLACE FUNCTION bqx.look_ahead(family text, pair text, month date, sample int DEFAULT 12, reach int DEFAULT NULL)
RETURNS TABLE (ts_utc timestamptz, column_name text, change text, found text, expected text)
LANGUAGE plpgsql STABLE
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET extra_float_digits = 1
SET jit = off
AS $$
#variable_conflict use_variable
DECLARE
    checked_family CONSTANT text := bqx.check_family(family);
    checked_pair CONSTANT text := bqx.check_pair(pair);
    source CONSTANT bqx.source := bqx.read_source(checked_family, checked_pair, bqx.check_month(month));
    partition CONSTANT text := bqx.partition_name(checked_family, checked_pair, bqx.check_month(month));
    inputs CONSTANT double precision[] := source.inputs;
    bars CONSTANT int := source.bars;
    rows CONSTANT int := bars - source.skip - source.tail;
    wanted CONSTANT int := least(sample, rows);
    columns CONSTANT text[] := '{rate_index}'::text[] || ARRAY(
        SELECT c.column_name FROM bqx.feature_column c WHERE c.family = checked_family ORDER BY c.element);
    names CONSTANT text[] := (SELECT array_remove(f.inputs, 'related') FROM bqx.family f WHERE f.family = checked_family);
    changed double precision[];
    cut_inputs double precision[];
    changed_inputs double precision[];
    place int;
    kept int;
    first int;
BEGIN
    PERFORM bqx.require_java();
    IF (sample >= 1) IS NOT TRUE OR reach < 0 THEN
        RAISE EXCEPTION 'sample is %, reach %: must be 1 or more, and 0 or more',
            coalesce(sample::text, 'NULL'), coalesce(reach::text, 'NULL')
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF rows = 0 OR to_regclass(format('bqx.%I', partition)) IS NULL THEN
        RAISE EXCEPTION 'partition % is not there: no row of it can be looked at', partition
            USING ERRCODE = 'QX003', HINT = 'SELECT bqx.backfill(...) computes it, where the month has bars.';
    END IF;
    -- Beyond the names there are, of each related pair, index, close and age.
    changed := ARRAY(
        SELECT CASE coalesce(names[input.no], CASE WHEN (input.no - cardinality(names)) % 3 = 0 THEN 'minute' ELSE 'x' END)
            WHEN 'minute' THEN input.value
            WHEN 'volume' THEN 1
            ELSE input.value * 1.5
        END
        FROM (
            SELECT u.value, u.place, ((u.place - 1) / bars + 1)::int AS no FROM unnest(inputs) WITH ORDINALITY u (value, place)
        ) input
        ORDER BY input.place);
    FOR place IN
        SELECT source.skip + 1 + ((rows - 1) * n::bigint / greatest(wanted - 1, 1))::int
        FROM generate_series(0, wanted - 1) n
        ORDER BY n
    LOOP
        cut_inputs := '{}';
        changed_inputs := '{}';
        kept := CASE WHEN reach IS NULL THEN 1 ELSE greatest(place - reach, 1) END;
        FOR first IN 0 .. cardinality(inputs) - bars BY bars LOOP
            cut_inputs := cut_inputs || inputs[first + 1:first + place];
            changed_inputs := changed_inputs || changed[first + 1:first + kept - 1] || inputs[first + kept:first + place]
                || changed[first + place + 1:first + bars];
        END LOOP;
        RETURN QUERY EXECUTE format($query$
            SELECT stored.ts_utc, $1[i], c.change, stored.features[i]::text, nullif(c.features[i], 'NaN')::text
            FROM (SELECT p.ts_utc, %2$s AS features FROM bqx.%3$I p WHERE p.ts_utc = $2) stored
            CROSS JOIN (
                SELECT 'later bars cut off' AS change, bqx.feature_rows(%1$L, $3, $5, $6, $5 - 1, 0) AS features
                UNION ALL
                SELECT 'other bars changed', bqx.feature_rows(%1$L, $4, $7, $6, $5 - 1, $7 - $5)
            ) c
            CROSS JOIN generate_series(1, cardinality($1)) i
            WHERE float8send(stored.features[i]) IS DISTINCT FROM float8send(nullif(c.features[i], 'NaN'))
            $query$, checked_family, bqx.stored_row(checked_family), partition)
        USING columns, source.times[place], cut_inputs, changed_inputs, place, source.windows, bars;
    END LOOP;
END
$$;
GRANT EXECUTE ON FUNCTION bqx.look_ahead TO bqx_runner, bqx_reader;
COMMENT ON FUNCTION bqx.look_ahead IS
    'Computes rows of a partition, sample of them evenly spread, from the bars up to theirs alone, and again with'
    ' every later bar changed: prices times 1.5, volume 1. Names the columns whose bits are not those that are'
    ' stored: what looks at a later bar differs. With reach, the bars that lie further before the row are changed,'
    ' too: what reads from there differs. No rows where no bits differ.';
