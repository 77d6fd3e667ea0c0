-- Roles belong to the cluster, not to the database: another database may have made them already.
DO $$
DECLARE
    role_name text;
BEGIN
    FOREACH role_name IN ARRAY ARRAY['bqx_owner', 'bqx_runner', 'bqx_reader'] LOOP
        IF to_regrole(role_name) IS NULL THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN', role_name);
        END IF;
    END LOOP;
END
$$;

ALTER SCHEMA bqx OWNER TO bqx_owner;
GRANT USAGE ON SCHEMA bqx TO bqx_runner, bqx_reader;
-- Which stages are there, and since when, is for everybody who reads the rest.
GRANT SELECT ON bqx."${flyway:table}" TO bqx_runner, bqx_reader;

SET LOCAL ROLE bqx_owner;

-- Every table and partition that bqx_owner makes here, now or in a backfill, can be read by name.
ALTER DEFAULT PRIVILEGES IN SCHEMA bqx GRANT SELECT ON TABLES TO bqx_runner, bqx_reader;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON ROUTINES FROM PUBLIC;

CREATE TABLE bqx.pair (
    pair text PRIMARY KEY CHECK (pair ~ '^[a-z]{6}$'),
    pair_no smallint NOT NULL UNIQUE CHECK (pair_no BETWEEN 1 AND 999),
    base text NOT NULL,
    quote text NOT NULL,
    CHECK (pair = base || quote)
);
COMMENT ON TABLE bqx.pair IS 'the currency pairs; pair_no is part of a partition''s lock key and never reused';

INSERT INTO bqx.pair (pair, pair_no, base, quote)
SELECT name, ordinal, left(name, 3), right(name, 3)
FROM unnest(string_to_array(
    'audcad audchf audjpy audnzd audusd cadchf cadjpy chfjpy euraud eurcad eurchf eurgbp eurjpy eurnzd '
    'eurusd gbpaud gbpcad gbpchf gbpjpy gbpnzd gbpusd nzdcad nzdchf nzdjpy nzdusd usdcad usdchf usdjpy',
    ' ')) WITH ORDINALITY AS names (name, ordinal);

CREATE TABLE bqx.baseline_rates (
    pair text PRIMARY KEY REFERENCES bqx.pair,
    baseline_date date NOT NULL,
    baseline_time timestamptz NOT NULL,
    baseline_rate double precision NOT NULL
        CHECK (baseline_rate > 0 AND baseline_rate < 'Infinity'),
    created_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE bqx.baseline_rates IS
    'close of a pair''s first bar at or after baseline_date: the bar whose rate_index is 100';

-- What the stages to come, and the routines, share.

CREATE TABLE bqx.feature (
    family text PRIMARY KEY,
    family_no smallint NOT NULL UNIQUE CHECK (family_no BETWEEN 1 AND 99),
    windows int[] NOT NULL CHECK (cardinality(windows) > 0),
    metrics text[] NOT NULL CHECK (cardinality(metrics) > 0)
);
COMMENT ON TABLE bqx.feature IS
    'the catalogue: columns, DDL and the INSERT of a family are derived from its row; windows in bars, ascending';

CREATE TABLE bqx.functions_jar (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    version text NOT NULL,
    sha256 text NOT NULL,
    installed_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE bqx.functions_jar IS 'the jar of Java functions that is installed';

CREATE TABLE bqx.partition_state (
    family text NOT NULL REFERENCES bqx.feature,
    pair text NOT NULL REFERENCES bqx.pair,
    month date NOT NULL CHECK (extract(day FROM month) = 1),
    state text NOT NULL CHECK (state IN ('done', 'failed')),
    -- What the rows in the partition are, from the last time it was computed; NULL if it never was.
    rows bigint,
    source_from date,
    source_revision bigint,
    source_digest text,
    windows int[],
    baseline_rate double precision,
    functions_version text,
    last_write text CHECK (last_write IN ('all rows', 'new rows', 'no rows')),
    last_rows bigint,
    -- The last attempt.
    attempts int NOT NULL,
    backend_pid int NOT NULL,
    started_at timestamptz NOT NULL,
    finished_at timestamptz NOT NULL,
    sqlstate text,
    error text,
    PRIMARY KEY (family, pair, month),
    CHECK ((state = 'failed') = (error IS NOT NULL)),
    CHECK (state = 'failed' OR num_nonnulls(
        rows, source_from, source_revision, source_digest, windows, baseline_rate, functions_version, last_write, last_rows) = 9)
);
COMMENT ON TABLE bqx.partition_state IS
    'written in the transaction that writes the partition''s rows; a partition being computed holds a lock instead';
COMMENT ON COLUMN bqx.partition_state.source_from IS
    'first month whose bars the rows depend on; -infinity when the history was shorter than the longest window';
COMMENT ON COLUMN bqx.partition_state.source_revision IS
    'sum of m1_month.revision from source_from to month when the bars were read';
COMMENT ON COLUMN bqx.partition_state.source_digest IS 'SHA-256 of times and rate_index read, lookback included';
COMMENT ON COLUMN bqx.partition_state.last_write IS
    'what the last computation wrote: the partition anew, the rows of appended bars, or nothing since no bar it reads had changed';
COMMENT ON COLUMN bqx.partition_state.last_rows IS 'how many rows that were';

CREATE TABLE bqx.m1_month (
    pair text NOT NULL REFERENCES bqx.pair,
    month date NOT NULL CHECK (extract(day FROM month) = 1),
    bars bigint NOT NULL,
    revision bigint NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (pair, month)
);
COMMENT ON TABLE bqx.m1_month IS
    'bars of a month, and how often they changed: kept by triggers, compared with what a partition was computed from';

CREATE TABLE bqx.run (
    run_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    role_name text NOT NULL,
    client inet,
    application_name text NOT NULL,
    parameters jsonb NOT NULL,
    started_at timestamptz NOT NULL,
    finished_at timestamptz,
    outcome text CHECK (outcome IN ('done', 'failed', 'held', 'interrupted')),
    planned int,
    computed int,
    failed int,
    rows bigint,
    CHECK (num_nulls(finished_at, outcome, planned, computed, failed, rows) IN (0, 6))
);
COMMENT ON TABLE bqx.run IS
    'who ran a backfill, when, with which parameters, and how it ended; bqx.run_history says which of them still run';
