SET LOCAL ROLE bqx_owner;

-- Not of a bqx.source, all of which would be copied for it.
DROP FUNCTION IF EXISTS bqx.source_digest(timestamptz[], double precision[]), bqx.source_digest(bqx.source, int);
CREATE OR REPLACE FUNCTION bqx.source_digest(
    times timestamptz[], inputs double precision[], bars int, bad_bars bigint, first_bars int)
RETURNS text
-- In plpgsql the series would be copied twice.
LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE
        WHEN bars = 0 THEN NULL
        -- A session's first digest by Java takes far longer than one series does here.
        WHEN cardinality(inputs) = bars THEN encode(sha256(
            array_send(first.times) || array_send(CASE first_bars WHEN bars THEN inputs ELSE inputs[:first_bars] END)), 'hex')
        -- Their index may be NULL, which Java does not take.
        WHEN bad_bars > 0 THEN
            bqx.inputs_digest(array_send(first.times), array_replace(inputs, NULL, 'NaN'), bars, first_bars)
        ELSE bqx.inputs_digest(array_send(first.times), inputs, bars, first_bars)
    END
    -- A slice is a copy, made value by value.
    FROM (SELECT CASE first_bars WHEN bars THEN times ELSE times[:first_bars] END AS times) first
$$;
COMMENT ON FUNCTION bqx.source_digest IS
    'What partition_state.source_digest holds: SHA-256 of the first bars of a bqx.source, of all when that is how many'
    ' there are. NULL where there are none.';
