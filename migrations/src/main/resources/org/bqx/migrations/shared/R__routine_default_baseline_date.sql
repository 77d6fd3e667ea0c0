SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.default_baseline_date() RETURNS date
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT value::date FROM bqx.setting WHERE name = 'baseline_date';
END;
GRANT EXECUTE ON FUNCTION bqx.default_baseline_date TO bqx_runner, bqx_reader;
COMMENT ON FUNCTION bqx.default_baseline_date IS
    'The day that bqx.set_baseline takes when none is named: what was chosen when the schema was made.';
