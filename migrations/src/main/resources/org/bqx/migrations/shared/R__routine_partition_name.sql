SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.partition_name(kind text, pair text, month date) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT format('%s_%s_%s_%s', kind, pair,
        lpad(extract(year FROM month)::text, 4, '0'), lpad(extract(month FROM month)::text, 2, '0'));
END;
GRANT EXECUTE ON FUNCTION bqx.partition_name TO bqx_runner, bqx_reader;
COMMENT ON FUNCTION bqx.partition_name IS 'The name of a month''s partition; kind is m1 or a family.';
