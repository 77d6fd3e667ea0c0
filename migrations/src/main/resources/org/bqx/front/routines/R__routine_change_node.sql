SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.change_node(
    node text, host text DEFAULT NULL, port int DEFAULT NULL, dbname text DEFAULT NULL, user_name text DEFAULT NULL,
    password text DEFAULT NULL)
RETURNS void
LANGUAGE plpgsql
SET role = bqx_owner
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
    server CONSTANT text := 'bqx_' || bqx.check_node(node);
    changed bqx.node;
BEGIN
    UPDATE bqx.node n
    SET host = coalesce(change_node.host, n.host), port = coalesce(change_node.port, n.port),
        dbname = coalesce(change_node.dbname, n.dbname), user_name = coalesce(change_node.user_name, n.user_name)
    WHERE n.node = change_node.node
    RETURNING * INTO changed;
    EXECUTE format('ALTER SERVER %I OPTIONS (SET host %L, SET port %L, SET dbname %L)', server, changed.host, changed.port,
        changed.dbname);
    EXECUTE format('ALTER USER MAPPING FOR PUBLIC SERVER %I OPTIONS (SET user %L)', server, changed.user_name);
    IF password IS NOT NULL THEN
        EXECUTE format('ALTER USER MAPPING FOR PUBLIC SERVER %I OPTIONS (%s password %L)', server, CASE WHEN EXISTS (
            SELECT FROM pg_user_mappings m, unnest(m.umoptions) o WHERE m.srvname = server AND o LIKE 'password=%')
            THEN 'SET' ELSE 'ADD' END, password);
    END IF;
END
$$;
COMMENT ON FUNCTION bqx.change_node IS
    'Changes where a node is, and as whom the front is there; NULL leaves it as it was. For the owner of the schema and'
    ' superusers alone.';
