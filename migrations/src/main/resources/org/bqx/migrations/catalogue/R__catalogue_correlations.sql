SET LOCAL ROLE bqx_owner;

-- What is correlated, and how it stands with it. Not in the stage that makes the tables of the results: routines and
-- views of every stage read these.
CREATE TABLE IF NOT EXISTS bqx.correlation (
    target text PRIMARY KEY CHECK (target = concat('w', window_length, '_h', horizon)),
    correlation_no smallint NOT NULL UNIQUE CHECK (correlation_no BETWEEN 100 AND 299),
    window_length int NOT NULL CHECK (window_length >= 2),
    horizon int NOT NULL CHECK (horizon >= 1),
    features text[] NOT NULL CHECK (cardinality(features) > 0),
    windows int[] NOT NULL CHECK (cardinality(windows) > 0 AND 60 <= ALL (windows))
);
COMMENT ON TABLE bqx.correlation IS
    'the targets that features are correlated with; bqx.define_correlation adds and changes them';
COMMENT ON COLUMN bqx.correlation.target IS 'w{W}_h{H}: w{W}_bqx_return of the H-th bar after';
COMMENT ON COLUMN bqx.correlation.correlation_no IS
    'part of the key of a lock, where a family has its family_no';
COMMENT ON COLUMN bqx.correlation.window_length IS 'W: bars of the target''s window';
COMMENT ON COLUMN bqx.correlation.horizon IS 'H: bars from a row to the bar that its target is of';
COMMENT ON COLUMN bqx.correlation.features IS
    'patterns of family.column, * for any text, of features of the families that are enabled';
COMMENT ON COLUMN bqx.correlation.windows IS 'bars of the rolling correlations, ascending';

CREATE TABLE IF NOT EXISTS bqx.target_corr_state (
    target text NOT NULL REFERENCES bqx.correlation ON DELETE CASCADE,
    pair text NOT NULL REFERENCES bqx.pair ON DELETE CASCADE,
    month date NOT NULL CHECK (extract(day FROM month) = 1),
    state text NOT NULL CHECK (state IN ('begun', 'done', 'failed')),
    rows bigint,
    features text[],
    families text[],
    windows int[],
    source_from date,
    source_to date,
    source_revision bigint,
    source_partitions text,
    source_digest text,
    functions_version text,
    last_write text CHECK (last_write IN ('all rows', 'no rows')),
    last_rows bigint,
    begun_by xid8,
    attempts int NOT NULL,
    backend_pid int,
    started_at timestamptz NOT NULL,
    finished_at timestamptz,
    sqlstate text,
    error text,
    PRIMARY KEY (target, pair, month)
);
COMMENT ON TABLE bqx.target_corr_state IS 'months of a pair whose correlations with a target were tried';
COMMENT ON COLUMN bqx.target_corr_state.target IS 'the target, as in bqx.correlation';
COMMENT ON COLUMN bqx.target_corr_state.pair IS 'the pair';
COMMENT ON COLUMN bqx.target_corr_state.month IS 'first day of the month (UTC)';
COMMENT ON COLUMN bqx.target_corr_state.state IS
    'begun is for the transaction begun_by alone: who committed it without bqx.finish_correlation left it undone';
COMMENT ON COLUMN bqx.target_corr_state.rows IS 'rows in bqx.target_corr; NULL if there never were any';
COMMENT ON COLUMN bqx.target_corr_state.features IS 'the columns that were correlated';
COMMENT ON COLUMN bqx.target_corr_state.families IS 'the families whose rows were read';
COMMENT ON COLUMN bqx.target_corr_state.windows IS 'bars of the rolling correlations';
COMMENT ON COLUMN bqx.target_corr_state.source_from IS
    'first month that was read; -infinity where the history is short';
COMMENT ON COLUMN bqx.target_corr_state.source_to IS
    'last month that was read; infinity while the month''s last targets have not come';
COMMENT ON COLUMN bqx.target_corr_state.source_revision IS
    'sum of the pair''s m1_month.revision from source_from to source_to when the bars were read';
COMMENT ON COLUMN bqx.target_corr_state.source_partitions IS
    'bqx.correlated_partitions of these families from source_from to source_to';
COMMENT ON COLUMN bqx.target_corr_state.source_digest IS
    'SHA-256 of the bars'' times, of the target and its placebo, and of what the features'' rows depend on';
COMMENT ON COLUMN bqx.target_corr_state.functions_version IS 'revision of the Java that computed the rows';
COMMENT ON COLUMN bqx.target_corr_state.last_write IS
    'what the last computation wrote: all rows, or no rows since nothing that it reads had changed';
COMMENT ON COLUMN bqx.target_corr_state.last_rows IS 'how many rows that were';
COMMENT ON COLUMN bqx.target_corr_state.begun_by IS 'the transaction that computes; NULL when done';
COMMENT ON COLUMN bqx.target_corr_state.attempts IS 'how often it was tried';
COMMENT ON COLUMN bqx.target_corr_state.backend_pid IS 'server process of the last attempt';
COMMENT ON COLUMN bqx.target_corr_state.started_at IS 'start of the last attempt';
COMMENT ON COLUMN bqx.target_corr_state.finished_at IS 'its end';
COMMENT ON COLUMN bqx.target_corr_state.sqlstate IS 'SQLSTATE of the last attempt if it failed, else NULL';
COMMENT ON COLUMN bqx.target_corr_state.error IS 'its message';
