SET LOCAL ROLE bqx_owner;

DROP FUNCTION IF EXISTS bqx.source_digest(timestamptz[], double precision[]);
CREATE OR REPLACE FUNCTION bqx.source_digest(source bqx.source, first_bars int) RETURNS text
LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT encode(sha256(array_send(source.times[:first_bars]) || string_agg(
        array_send(source.inputs[first + 1:first + first_bars]), '' ORDER BY first)), 'hex')
    FROM generate_series(0, cardinality(source.inputs) - 1, greatest(source.bars, 1)) first;
END;
COMMENT ON FUNCTION bqx.source_digest IS
    'What partition_state.source_digest holds: SHA-256 of the first bars, of all when that is how many there are.';
