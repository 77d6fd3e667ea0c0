SET LOCAL ROLE bqx_owner;

-- Node by node, so that one that does not answer takes no other with it.
CREATE OR REPLACE VIEW bqx.correlation_progress AS
SELECT p.* FROM bqx.node n CROSS JOIN LATERAL bqx.correlation_progress_of(n.node) p;
COMMENT ON VIEW bqx.correlation_progress IS
    'every month of a pair that is to be correlated with a target, and how it stands with it';
