SET LOCAL ROLE bqx_owner;

-- What a node of a front knows of the others; empty elsewhere. Not in the stage that makes the role: routines and views
-- of every stage read these.
CREATE TABLE IF NOT EXISTS bqx.pair_elsewhere (
    pair text PRIMARY KEY,
    node text NOT NULL,
    brought_at timestamptz
);
COMMENT ON TABLE bqx.pair_elsewhere IS 'pairs that live on another node of the front';
COMMENT ON COLUMN bqx.pair_elsewhere.pair IS 'the pair, or market';
COMMENT ON COLUMN bqx.pair_elsewhere.node IS 'the front''s name of that node';
COMMENT ON COLUMN bqx.pair_elsewhere.brought_at IS
    'since when bqx.related_bar has its bars; NULL where nothing here has needed them';

-- Copies of the bars that families with the input related read here, as far as they read them. The front brings them
-- before it has such a partition computed.
CREATE TABLE IF NOT EXISTS bqx.related_bar (
    pair text NOT NULL,
    time timestamptz NOT NULL,
    rate_index double precision,
    close double precision,
    PRIMARY KEY (pair, time)
);
COMMENT ON TABLE bqx.related_bar IS 'bars of pairs that live on another node, beside which a pair of this one is computed';
COMMENT ON COLUMN bqx.related_bar.pair IS 'the pair';
COMMENT ON COLUMN bqx.related_bar.time IS 'as in bqx.m1 of its node';
COMMENT ON COLUMN bqx.related_bar.rate_index IS 'as in bqx.m1 of its node';
COMMENT ON COLUMN bqx.related_bar.close IS 'as in bqx.m1 of its node';
CREATE TABLE IF NOT EXISTS bqx.related_month (
    pair text NOT NULL,
    month date NOT NULL,
    bars bigint NOT NULL,
    revision bigint NOT NULL,
    PRIMARY KEY (pair, month)
);
COMMENT ON TABLE bqx.related_month IS 'the months of bqx.related_bar';
COMMENT ON COLUMN bqx.related_month.pair IS 'the pair';
COMMENT ON COLUMN bqx.related_month.month IS 'first day of the month (UTC)';
COMMENT ON COLUMN bqx.related_month.bars IS 'bars of the month';
COMMENT ON COLUMN bqx.related_month.revision IS 'm1_month.revision of the pair''s node when they were brought';

-- The months of the bars that can be read here.
CREATE OR REPLACE VIEW bqx.source_month AS
SELECT m.pair, m.month, m.bars, m.revision FROM bqx.m1_month m
UNION ALL
SELECT r.pair, r.month, r.bars, r.revision FROM bqx.related_month r;
COMMENT ON VIEW bqx.source_month IS 'months of the bars that partitions here are computed from: own ones, and those of pairs that live on another node';
COMMENT ON COLUMN bqx.source_month.pair IS 'the pair';
COMMENT ON COLUMN bqx.source_month.month IS 'first day of the month (UTC)';
COMMENT ON COLUMN bqx.source_month.bars IS 'bars of the month';
COMMENT ON COLUMN bqx.source_month.revision IS 'how often they changed';
