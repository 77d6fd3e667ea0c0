SET LOCAL ROLE bqx_owner;

-- SECURITY DEFINER: what it makes is bqx_owner's whoever calls it, a front among them.
CREATE OR REPLACE FUNCTION bqx.enable_family(family text, enabled boolean DEFAULT true) RETURNS void
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
    checked_family CONSTANT text := bqx.check_family(family);
BEGIN
    IF to_regclass('bqx.node') IS NOT NULL THEN
        PERFORM bqx.call_nodes('enable_family',
            jsonb_build_object('family', checked_family, 'enabled', coalesce(enabled, true)));
    END IF;
    UPDATE bqx.feature f SET enabled = coalesce(enable_family.enabled, true) WHERE f.family = checked_family;
    IF coalesce(enabled, true) THEN
        PERFORM bqx.define_family(checked_family);
    ELSE
        PERFORM bqx.create_features_view();
    END IF;
END
$$;
COMMENT ON FUNCTION bqx.enable_family IS
    'Says whether a family is computed in this database. One that is enabled gets its tables; one that is disabled'
    ' keeps them, with what they hold, and is left alone by backfills, plans and verification.';
