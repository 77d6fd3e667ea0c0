SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE VIEW bqx.node_state AS
SELECT n.node, n.host, n.port, n.dbname,
    (SELECT count(*) FROM bqx.pair_node p WHERE p.node = n.node)::int AS pairs,
    s.months, s.bars, s.rows, s.bytes, s.reason IS NULL AS reachable, s.sqlstate, s.reason
FROM bqx.node n
CROSS JOIN LATERAL bqx.ask_node(n.node) s;
COMMENT ON VIEW bqx.node_state IS 'what each node has, or why it does not answer';
COMMENT ON COLUMN bqx.node_state.node IS 'the node';
COMMENT ON COLUMN bqx.node_state.host IS 'its host';
COMMENT ON COLUMN bqx.node_state.port IS 'its port';
COMMENT ON COLUMN bqx.node_state.dbname IS 'its database';
COMMENT ON COLUMN bqx.node_state.pairs IS 'how many pairs live there; market counts as one';
COMMENT ON COLUMN bqx.node_state.months IS 'months of pairs that have bars';
COMMENT ON COLUMN bqx.node_state.bars IS 'bars';
COMMENT ON COLUMN bqx.node_state.rows IS 'rows of all families';
COMMENT ON COLUMN bqx.node_state.bytes IS 'bytes of bars and families on disk, indexes included';
COMMENT ON COLUMN bqx.node_state.reachable IS 'whether it answers';
COMMENT ON COLUMN bqx.node_state.sqlstate IS 'SQLSTATE of why not';
COMMENT ON COLUMN bqx.node_state.reason IS 'why not';

CREATE OR REPLACE VIEW bqx.node_session AS
SELECT n.node, s.pid, s.application_name, s.state, s.wait, s.seconds
FROM bqx.node n
CROSS JOIN LATERAL jsonb_to_recordset(bqx.answer_of(n.node, 'session'))
    s (pid int, application_name text, state text, wait text, seconds double precision);
COMMENT ON VIEW bqx.node_session IS 'who is connected to the nodes'' databases';
COMMENT ON COLUMN bqx.node_session.node IS 'the node';
COMMENT ON COLUMN bqx.node_session.pid IS 'server process on the node';
COMMENT ON COLUMN bqx.node_session.application_name IS 'what the client calls itself';
COMMENT ON COLUMN bqx.node_session.state IS 'as in pg_stat_activity';
COMMENT ON COLUMN bqx.node_session.wait IS 'what it waits for';
COMMENT ON COLUMN bqx.node_session.seconds IS 'since when it is in its state';

CREATE OR REPLACE VIEW bqx.family_size AS
SELECT n.node, s.family, s.pair, s.bytes
FROM bqx.node n
CROSS JOIN LATERAL jsonb_to_recordset(bqx.answer_of(n.node, 'size')) s (family text, pair text, bytes bigint);
COMMENT ON VIEW bqx.family_size IS 'bytes on the nodes'' disks, indexes included';
COMMENT ON COLUMN bqx.family_size.node IS 'the node';
COMMENT ON COLUMN bqx.family_size.family IS 'the family; m1 for bars';
COMMENT ON COLUMN bqx.family_size.pair IS 'the pair';
COMMENT ON COLUMN bqx.family_size.bytes IS 'bytes';
