SET LOCAL ROLE bqx_owner;

-- What partition_state.source_digest holds.
CREATE OR REPLACE FUNCTION bqx.source_digest(times timestamptz[], indexes double precision[]) RETURNS text
LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT encode(sha256(array_send(times) || array_send(indexes)), 'hex');
END;
