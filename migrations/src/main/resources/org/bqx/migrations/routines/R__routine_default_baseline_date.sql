SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.default_baseline_date() RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT DATE '${baseline_date}';
END;
GRANT EXECUTE ON FUNCTION bqx.default_baseline_date TO bqx_runner, bqx_reader;
